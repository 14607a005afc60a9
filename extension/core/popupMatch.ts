/** How well a name answers what was typed: the lower `score` the better; `ranges` are the [start, end) to mark in the name. */
export interface Match {
  score: number;
  ranges: readonly (readonly [number, number])[];
}

/**
 * A name against a query, whatever the case and accents: the whole name, its beginning, the beginning of a word, any part,
 * all words in any order, the beginnings of words run together ("np", "newpro" for "New project"). Undefined: no match.
 */
export function popupMatch(name: string, query: string): Match | undefined {
  const wanted = fold(query.trim()).text.replace(/\s+/gu, " ");
  if (wanted === "") return { score: 0, ranges: [] };
  const folded = fold(name);
  const { text } = folded;
  const range = (start: number, length: number) => folded.range(start, start + length);

  if (text === wanted) return { score: 0, ranges: [range(0, text.length)] };
  if (text.startsWith(wanted)) return { score: 1, ranges: [range(0, wanted.length)] };
  const starts = wordStarts(text);
  const atWord = starts.find((start) => text.startsWith(wanted, start));
  if (atWord !== undefined) return { score: 2, ranges: [range(atWord, wanted.length)] };
  const inside = text.indexOf(wanted);
  if (inside >= 0) return { score: 3, ranges: [range(inside, wanted.length)] };

  const words = wanted.split(" ");
  if (words.length > 1 && words.every((word) => text.includes(word))) {
    return { score: 4, ranges: united(words.map((word) => range(text.indexOf(word), word.length))) };
  }
  const taken = initials(text, starts, words.join(""));
  return taken && { score: 5, ranges: united(taken.map((at) => range(at, 1))) };
}

/** Lower-cased and without marks, and for each unit of the result where in the original it came from. */
function fold(original: string): { text: string; range: (start: number, end: number) => readonly [number, number] } {
  let text = "";
  const from: number[] = [];
  const to: number[] = [];
  let at = 0;
  for (const character of original) {
    const plain = character.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    if (plain === "" && to.length > 0) to[to.length - 1] = at + character.length;
    for (let unit = 0; unit < plain.length; unit++) {
      from.push(at);
      to.push(at + character.length);
    }
    text += plain;
    at += character.length;
  }
  return { text, range: (start, end) => [from[start] ?? 0, to[end - 1] ?? original.length] };
}

function wordStarts(text: string): number[] {
  return [...text.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)].map((found) => found.index);
}

/** Positions that spell `wanted` from beginnings of words in order. Failures are remembered, so this stays quadratic. */
function initials(text: string, starts: readonly number[], wanted: string): number[] | undefined {
  const failed = new Set<string>();
  return spell(0, 0);

  function spell(done: number, fromWord: number): number[] | undefined {
    if (done === wanted.length) return [];
    const state = `${done} ${fromWord}`;
    if (failed.has(state)) return undefined;
    for (let word = fromWord; word < starts.length; word++) {
      const start = starts[word] ?? 0;
      const end = starts[word + 1] ?? text.length;
      let length = 0;
      while (start + length < end && done + length < wanted.length && text[start + length] === wanted[done + length]) length++;
      for (; length > 0; length--) {
        const rest = spell(done + length, word + 1);
        if (rest) return [...Array.from({ length }, (_, at) => start + at), ...rest];
      }
    }
    failed.add(state);
    return undefined;
  }
}

/** Sorted, and with touching or overlapping ranges made one. */
function united(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const result: [number, number][] = [];
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

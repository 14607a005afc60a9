/**
 * A key of IndexedDB as Firefox keeps it (dom/indexedDB/Key.cpp), when it is a text; undefined for other kinds. Characters
 * take one, two or three bytes, so that bytes sort as keys do.
 */
export function readTextKey(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== textType) return undefined;
  const units: number[] = [];
  for (let at = 1; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    if (first === 0) return String.fromCharCode(...units.slice(0, longestKey)); // The end, where more keys follow.
    if (units.length >= longestKey) return undefined;
    const [second = 0, third = 0] = [bytes[at + 1], bytes[at + 2]];
    if (first < 0x80) {
      units.push(first - 1);
      at += 1;
    } else if (first < 0xc0) {
      units.push((((first & 0x3f) << 8) | second) + 0x7f);
      at += 2;
    } else {
      units.push(((first & 0x3f) << 10) | (second << 2) | (third >> 6));
      at += 3;
    }
  }
  return String.fromCharCode(...units);
}

const textType = 0x30;
/** In UTF-16 units. Keys that are longer are none of those asked for. */
const longestKey = 4096;

import { SteadError } from "../../shared/errors.ts";

const documentLimit = 64 * 1024 * 1024;
const lineLimit = 4096;

/** Everything up to the end of stdin. Throws `tooLarge` above 64 MiB. */
export async function readAll(stdin: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const part of stdin) {
    const chunk = Buffer.from(part);
    length += chunk.length;
    if (length > documentLimit) throw new SteadError("tooLarge", `More than ${documentLimit} bytes came on stdin.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export interface LineReader {
  /** The next line without its line break; empty at the end. Throws `tooLarge` above 4096 bytes. */
  next(): Promise<string>;
  /** Reads no more: a pipe that stays open must not keep the process running. */
  close(): void;
}

/** One line of stdin after the other. */
export function lineReader(stdin: AsyncIterable<Uint8Array | string>): LineReader {
  const parts = stdin[Symbol.asyncIterator]();
  let rest = Buffer.alloc(0);
  return {
    async next() {
      let end = rest.indexOf(0x0a);
      while (end === -1 && rest.length <= lineLimit) {
        const part = await parts.next();
        if (part.done === true) break;
        rest = Buffer.concat([rest, Buffer.from(part.value)]);
        end = rest.indexOf(0x0a);
      }
      const line = rest.subarray(0, end === -1 ? rest.length : end);
      if (line.length > lineLimit) throw new SteadError("tooLarge", `A line of more than ${lineLimit} bytes came on stdin.`);
      rest = rest.subarray(line.length + 1);
      return line.toString("utf8").replace(/\r$/, "");
    },
    close: () => void parts.return?.(),
  };
}

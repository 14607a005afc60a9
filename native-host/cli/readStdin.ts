import { SteadError } from "../../shared/errors.ts";

const documentLimit = 64 * 1024 * 1024;
const lineLimit = 4096;

/** Everything up to the end of stdin. Throws `tooLarge` above 64 MiB. */
export async function readAll(stdin: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  return collect(stdin, documentLimit, () => false);
}

/** The first line of stdin without its line break; empty at its end. Throws `tooLarge` above 4096 bytes. */
export async function readLine(stdin: AsyncIterable<Uint8Array | string>): Promise<string> {
  const bytes = await collect(stdin, lineLimit, (chunk) => chunk.includes(0x0a));
  const [line = ""] = bytes.toString("utf8").split("\n");
  return line.replace(/\r$/, "");
}

async function collect(stdin: AsyncIterable<Uint8Array | string>, limit: number, last: (chunk: Buffer) => boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const part of stdin) {
    const chunk = Buffer.from(part);
    length += chunk.length;
    if (length > limit) throw new SteadError("tooLarge", `More than ${limit} bytes came on stdin.`);
    chunks.push(chunk);
    if (last(chunk)) break;
  }
  return Buffer.concat(chunks);
}

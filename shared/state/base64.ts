/** How many bytes are turned into text at a time: a multiple of three, so that the pieces join, and few enough to be arguments. */
const piece = 3 * 8192;

/** Standard base64 with padding (RFC 4648 section 4). `Uint8Array.toBase64` is in neither Node 20 nor Firefox 128. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += piece) {
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + piece)));
  }
  return text;
}

/** The bytes of a text that `isBase64` holds for. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Stricter than `atob`, which forgives blanks and missing padding: one text for the same bytes, but for spare bits at the end. */
export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** How many bytes a base64 text stands for, without decoding it. */
export function base64Length(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

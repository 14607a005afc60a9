/** What a library prints by console.log while `act` runs: only main writes to stdout. */
export async function captureConsole(act: () => void | Promise<void>): Promise<string> {
  const lines: string[] = [];
  const log: unknown = Reflect.get(globalThis.console, "log");
  Object.assign(globalThis.console, { log: (...parts: unknown[]) => void lines.push(parts.map(String).join(" ")) });
  try {
    await act();
  } finally {
    Object.assign(globalThis.console, { log });
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** The person at the terminal turned away from a question: Ctrl+C or Escape. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor() {
    super("Interrupted.");
  }
}

/** 128 and SIGINT's number, as shells have it. */
export const interruptedStatus = 130;

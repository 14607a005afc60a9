/** One link of the chain from the terminal to Firefox. */
export interface Check {
  /** Stays the same from version to version: scripts look for it. */
  name: string;
  ok: boolean;
  detail: string;
  /** What to do about it; with every failure, and with none that passed. */
  remedy?: string;
}

export function passed(name: string, detail: string): Check {
  return { name, ok: true, detail };
}

export function failed(name: string, detail: string, remedy: string): Check {
  return { name, ok: false, detail, remedy };
}

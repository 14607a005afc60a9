/**
 * The one error catalogue. A code names what happened, `exit` is the command line's status for it
 * (DESIGN.md section 5), `hint` says what to do next where that does not depend on the case.
 */
const catalogue = {
  // usage
  usage: { exit: 2, hint: "Run the command with --help to see how it is used." },
  badName: { exit: 2, hint: "A project name has 1 to 64 visible characters and does not begin with a dash." },
  badColor: { exit: 2, hint: "Choose one of Firefox's container colours; stead project add --help lists them." },
  badIcon: { exit: 2, hint: "Choose one of Firefox's container icons; stead project add --help lists them." },
  ambiguousProject: { exit: 2, hint: "Type more of the name." },
  badPattern: { exit: 2, hint: "Patterns look like example.com, *.example.com, github.com/acme, localhost:3000 or /expression/; docs/rules.md lists the forms." },
  badUrl: { exit: 2, hint: "Only http and https addresses can be opened." },
  badLink: { exit: 2, hint: "A link looks like ext+stead:open?project=acme&url=https%3A%2F%2Fexample.com; stead open --link makes one." },
  confirmationNeeded: { exit: 2, hint: "Repeat the command with --yes to go ahead." },

  // projects and instances
  unknownProject: { exit: 1, hint: "Run stead list to see the projects." },
  unknownRule: { exit: 1, hint: "Run stead rule list to see the rules." },
  projectExists: { exit: 5, hint: "Choose another name, or use the project that is there." },
  adoptionNeeded: { exit: 5, hint: "Repeat with --adopt to use that container, or with --no-adopt to make a new one." },
  noFirefox: { exit: 6, hint: "Start Firefox with the Stead extension; stead doctor checks the connection." },
  unknownInstance: { exit: 6, hint: "Run stead status to see the connected Firefox profiles." },

  // vault and store
  vaultLocked: { exit: 4, hint: "Run stead unlock." },
  keyUnavailable: { exit: 4, hint: "Bring the key back; stead doctor says where it is looked for." },
  keyWrong: { exit: 4, hint: "Check the passphrase or the key; nothing was changed." },
  keyChanged: { exit: 4, hint: "Run the command again: the keys were changed while it ran; nothing was changed by it." },
  storeNewer: { exit: 1, hint: "Update Stead: the store was written by a newer version." },
  storeDamaged: { exit: 1, hint: "Run stead verify to see how much is; stead backup restore brings a backup back." },
  backupDamaged: { exit: 1, hint: "Use another backup; nothing was changed." },
  storeBusy: { exit: 1, hint: "Another stead process is writing; try again." },
  storeUnreadable: { exit: 1, hint: "Check the owner and mode of the store's directory." },
  diskFull: { exit: 1, hint: "Free some disk space; everything acknowledged so far is safe." },
  conflict: { exit: 5, hint: "Read the current state and try again." },

  // files
  fileUnreadable: { exit: 1, hint: "Check the file's path and permissions." },
  fileUnwritable: { exit: 1, hint: "Check the folder's path and permissions." },
  fileExists: { exit: 1, hint: "Choose another file or remove it first." },
  fileFormat: { exit: 1, hint: "Name the right --format; nothing was changed." },
  partly: { exit: 3, hint: "What was left out is listed above." },

  // wire
  hostMissing: { exit: 1, hint: "Run stead install, then stead doctor." },
  versionMismatch: { exit: 1, hint: "Update the older side." },
  unsupported: { exit: 1, hint: "Update the side that does not know the method." },
  badMessage: { exit: 1, hint: "Both sides of Stead must be of the same build; run stead doctor." },
  tooLarge: { exit: 1, hint: "Send less at a time." },
  busy: { exit: 1, hint: "Too many requests at once; try again." },
  disconnected: { exit: 1, hint: "The other side went away; try again." },
  timeout: { exit: 1, hint: "The other side did not answer in time; stead doctor checks the connection." },
  unauthorized: { exit: 1, hint: "Only this user's own stead processes may connect; run stead doctor." },
  socketUnsafe: { exit: 1, hint: "Remove the directory named above; Stead makes a private one." },

  installFailed: { exit: 1, hint: "Check that the directory named above can be written." },
  internal: { exit: 1, hint: "This is a defect in Stead; please report it with the text above." },
} as const satisfies Record<string, { exit: number; hint: string }>;

export type ErrorCode = keyof typeof catalogue;

/** Every code, for schemas and tests. */
export const errorCodes: readonly ErrorCode[] = Object.keys(catalogue).filter(isErrorCode);

/** How an error travels: on the wire, and in a command's `--json` answer. */
export interface ErrorShape {
  code: ErrorCode;
  message: string;
  hint: string;
}

/** A failure a user can act on. `message` says what was expected and what came, and holds no secret. */
export class SteadError extends Error {
  override readonly name = "SteadError";
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? catalogue[code].hint;
  }

  /** The command line's exit status for this error. */
  get exitCode(): number {
    return catalogue[this.code].exit;
  }

  toShape(): ErrorShape {
    return { code: this.code, message: this.message, hint: this.hint };
  }

  static fromShape(shape: ErrorShape): SteadError {
    return new SteadError(shape.code, shape.message, { hint: shape.hint });
  }
}

export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(catalogue, value);
}

/** The error as it may leave this process: a known one as it is, an unknown one without its text, which may hold anything. */
export function toErrorShape(error: unknown): ErrorShape {
  if (error instanceof SteadError) return error.toShape();
  const kind = error instanceof Error ? error.name : typeof error;
  return new SteadError("internal", `Unexpected ${kind}.`).toShape();
}

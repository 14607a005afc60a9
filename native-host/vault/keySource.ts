/** Where a root key lies between commands without anyone asked: the keychain, or a file. */
export interface KeySource {
  readonly kind: "keychain" | "file";
  /** Undefined when there is none. Throws `keyUnavailable` when it cannot be told. */
  load(): Buffer | undefined;
  /** Makes a key that was not there before. Throws `keyUnavailable`. */
  create(): Buffer;
}

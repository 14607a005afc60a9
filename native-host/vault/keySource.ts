/** Where a root key lies between commands without anyone asked: the keychain, or a file. */
export interface KeySource {
  readonly kind: "keychain" | "file";
  /** Undefined when there is none. Throws `keyUnavailable` when it cannot be told. */
  load(): Buffer | undefined;
  /** Makes a key that was not there before. Throws `keyUnavailable`. */
  create(): Buffer;
  /** The key that lies beside, to take the place of the first; undefined when there is none. Throws `keyUnavailable`. */
  loadNext(): Buffer | undefined;
  /** Lays a key beside, in place of what lay there; it is kept whatever happens when this returns. Throws `keyUnavailable`. */
  prepareNext(key: Buffer): void;
  /** The key that lies beside takes the place of the first, which is gone. Throws `keyUnavailable`. */
  promoteNext(): void;
}

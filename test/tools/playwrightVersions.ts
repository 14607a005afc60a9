/** What the tests need of any Playwright. */
export interface AnyBrowser {
  version(): string;
  newContext(options?: { storageState?: string }): Promise<AnyContext>;
  close(): Promise<void>;
}

export interface AnyContext {
  newPage(): Promise<AnyPage>;
  /** Asked for what a version does not know it gives what it knows. */
  storageState(options?: { path?: string; indexedDB?: boolean; opfs?: boolean; credentials?: boolean }): Promise<unknown>;
  close(): Promise<void>;
}

export interface AnyPage {
  goto(url: string): Promise<unknown>;
  evaluate<T>(script: string): Promise<T>;
}

interface AnyBrowserType {
  launch(options: { executablePath: string; args: string[] }): Promise<AnyBrowser>;
}

/** One version of Playwright and what it is known not to do; docs/formats.md has the same table. */
export interface PlaywrightVersion {
  version: string;
  load: () => Promise<{ chromium: AnyBrowserType }>;
  /** Cookies partitioned by top-level site. Without: they lose their partition. */
  partitions: boolean;
  /** Kinds of values it has a word for: what else of these it is given, a page sees as a plain object, and what a page has, it saves as one. */
  typedArrays: boolean;
  buffers: boolean;
  mapsAndSets: boolean;
  /** Files of the origin private file system, and passkeys. Without: it passes over them. */
  opfs: boolean;
  passkeys: boolean;
  /** How often a passkey was used. */
  signCounts: boolean;
  /** Saves 0, an empty text, false, null and NaN as values, and 0 and an empty text as keys. */
  empties: boolean;
  /** Saves NaN and the infinities within plain values, and as keys. */
  oddNumbers: boolean;
}

const everything = { partitions: true, typedArrays: true, buffers: true, mapsAndSets: true, opfs: true, passkeys: true, signCounts: true, empties: true, oddNumbers: true };
const upTo164 = { ...everything, empties: false, oddNumbers: false };
const upTo163 = { ...upTo164, mapsAndSets: false, signCounts: false };
const upTo162 = { ...upTo163, opfs: false, passkeys: false };
const upTo158 = { ...upTo162, buffers: false };
const upTo151 = { ...upTo158, partitions: false, typedArrays: false };

export const playwrightVersions: readonly PlaywrightVersion[] = [
  { version: "1.51", load: () => import("playwright-core-1.51"), ...upTo151 },
  { version: "1.54", load: () => import("playwright-core-1.54"), ...upTo158 },
  { version: "1.57", load: () => import("playwright-core-1.57"), ...upTo158 },
  { version: "1.61", load: () => import("playwright-core-1.61"), ...upTo162 },
  { version: "1.63", load: () => import("playwright-core-1.63"), ...upTo163 },
  { version: "1.64", load: () => import("playwright-core"), ...upTo164 },
  { version: "1.65", load: () => import("playwright-core-1.65"), ...everything },
];

/** The part of web-ext's programming interface used here; the package ships no types. */
declare module "web-ext" {
  interface Runner {
    /** Called once Firefox has ended, by us or by the user. */
    registerCleanup(cleanup: () => void): void;
  }
  export const cmd: {
    build(
      params: { sourceDir: string; artifactsDir: string; filename: string; overwriteDest: boolean },
      options: { showReadyMessage: boolean },
    ): Promise<{ extensionPath: string }>;
    run(params: {
      sourceDir: string;
      firefox: string;
      firefoxProfile: string;
      profileCreateIfMissing: boolean;
      keepProfileChanges: boolean;
      noReload: boolean;
      noInput: boolean;
      pref: Record<string, string | number | boolean>;
      args: string[];
    }): Promise<Runner>;
  };
}

declare module "web-ext/util/logger" {
  /** Everything web-ext says goes through here. */
  export const consoleStream: { startCapturing(): void; stopCapturing(): void };
}

declare module "webextension-polyfill" {
  const polyfill: typeof browser;
  export default polyfill;
}

/** There since Firefox 137, and not yet in @types/firefox-webext-browser. */
declare namespace browser.commands {
  function openShortcutSettings(): Promise<void>;
}

/** In a content script's global of its own, which all its scripts in a document share. */
declare var steadWatch: { start(): void } | undefined;

declare module "webextension-polyfill" {
  const polyfill: typeof browser;
  export default polyfill;
}

/** There since Firefox 137, and not yet in @types/firefox-webext-browser. */
declare namespace browser.commands {
  function openShortcutSettings(): Promise<void>;
}

declare module "webextension-polyfill" {
  const polyfill: typeof browser;
  export default polyfill;
}

import { portChannel } from "../browser/portChannel.ts";
import { webext } from "../browser/webext.ts";
import { DocumentStorage } from "./documentStorage.ts";
import { StorageWatch } from "./storageWatch.ts";

// Opaque origins (sandboxed frames) have no storage. A document may be given the script twice; its first watch stays.
if (window.origin !== "null" && globalThis.steadWatch === undefined) {
  globalThis.steadWatch = new StorageWatch({
    storage: new DocumentStorage(window.origin, () => Date.now()),
    connect: () => portChannel(webext.runtime.connect({ name: "storage" })),
    version: webext.runtime.getManifest().version,
  });
  globalThis.steadWatch.start();
}

import { portChannel } from "../browser/portChannel.ts";
import { webext } from "../browser/webext.ts";
import { DocumentStorage } from "./documentStorage.ts";
import { StorageWatch } from "./storageWatch.ts";

/** All content scripts of Stead's in a document share their global, which the page does not see. */
const isWatched = Symbol.for("stead.watched");

// Opaque origins (sandboxed frames) have no storage. A document may be given the script twice.
if (window.origin !== "null" && !Reflect.has(globalThis, isWatched)) {
  Reflect.set(globalThis, isWatched, true);
  new StorageWatch({
    storage: new DocumentStorage(window.origin, () => Date.now()),
    connect: () => portChannel(webext.runtime.connect({ name: "storage" })),
    version: webext.runtime.getManifest().version,
  }).start();
}

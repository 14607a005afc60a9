import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { shapeWithoutCounters } from "../sync/counters.ts";
import { canonicalShape } from "./canonicalShape.ts";
import { canonicalValue } from "./canonicalValue.ts";
import type { PageEntry } from "./pageEntry.ts";

/** In bytes: enough that two contents never share one by chance. */
const length = 16;

/**
 * The content of an item of page storage in 32 hexadecimal digits: equal exactly where sameEntry() is, next keys aside, so that
 * two ends can compare megabytes without sending them. No secret: whoever knows the content can make it.
 */
export function entryDigest(entry: PageEntry): string {
  return bytesToHex(sha256(utf8ToBytes(contentOf(entry))).subarray(0, length));
}

/** As JSON, which writes lone surrogates so that UTF-8 keeps them apart. */
function contentOf(entry: PageEntry): string {
  switch (entry.kind) {
    case "local":
    case "session":
      return JSON.stringify(entry.value);
    case "database":
      return JSON.stringify(canonicalShape(shapeWithoutCounters(entry.shape)));
    case "record":
      return JSON.stringify(canonicalValue(entry.value));
  }
}

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DocumentStorage } from "../../../extension/content/documentStorage.ts";
import { StorageWatch } from "../../../extension/content/storageWatch.ts";
import { contentMethods, documentMethods, type StorageReport } from "../../../shared/protocol/contentStorage.ts";
import type { Channel } from "../../../shared/wire/channel.ts";
import { Peer } from "../../../shared/wire/peer.ts";
import { channelPair } from "../../shared/wire/channelPair.ts";

const report: StorageReport = { held: [], areas: ["local"], skipped: [], gaps: [] };

/** What the content script asks of its document, which does nothing by itself here. */
class Nothing {
  observe(): void {}
  disconnect(): void {}
}

beforeEach(() => {
  const nothing = (): void => undefined;
  vi.stubGlobal("MutationObserver", Nothing);
  vi.stubGlobal("PerformanceObserver", Nothing);
  vi.stubGlobal("addEventListener", nothing);
  vi.stubGlobal("window", { origin: "https://app.test" });
  vi.stubGlobal("document", { readyState: "loading", visibilityState: "visible", addEventListener: nothing });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a document that opens", () => {
  it.each(["report", "values", "apply"] as const)("answers %s while its opening is still to be answered", async (method) => {
    const [mine, theirs] = channelPair();
    const storage: Pick<DocumentStorage, keyof DocumentStorage> = {
      report: () => Promise.resolve(report),
      changes: () => Promise.resolve({ changes: [], gaps: [], keep: () => undefined }),
      lastChanges: () => [],
      apply: () => Promise.resolve({ changed: 0, failed: [] }),
      values: () => Promise.resolve([]),
    };
    const answers: unknown[] = [];
    const connect = (): Channel => {
      const peer: Peer<typeof documentMethods, typeof contentMethods> = new Peer({
        channel: theirs,
        side: "background",
        version: "0",
        serves: documentMethods,
        calls: contentMethods,
        handlers: {
          opened: async () => {
            const params = { report: {}, values: { ids: [] }, apply: { set: [], remove: [], alone: false } };
            answers.push(await peer.call(method, params[method]));
            return {};
          },
          report: () => ({}),
          changed: () => ({}),
          shown: () => ({}),
        },
      });
      return mine;
    };
    new StorageWatch({ storage, connect, version: "0" }).start();
    await vi.waitFor(() => expect(answers).toHaveLength(1));
  });
});

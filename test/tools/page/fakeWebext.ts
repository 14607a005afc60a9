/** Stands in for extension/browser/webext.ts in a plain page: plays the background page of the scene that the server put in. */
import { SteadError } from "../../../shared/errors.ts";
import { pageEvents, pageMethods } from "../../../shared/protocol/page.ts";
import { Peer } from "../../../shared/wire/peer.ts";
import type { PageScene } from "../../extension/page/pageScenes.ts";
import { getMessage, type Messages } from "../support/fakeMessages.ts";
import { channelOf, FakePort } from "../support/fakePort.ts";

declare global {
  interface Window {
    /** What the test asks afterwards, and how it lets the background page act. */
    steadPage: { calls: { method: string; params: unknown }[]; sleep: () => void };
  }
}

// Put into the page by the server; the popup's tests declare the same name for scenes of theirs.
const scene = (window as unknown as { steadScene: PageScene & { messages: Messages } }).steadScene;
let ports: FakePort[] = [];

window.steadPage = {
  calls: [],
  sleep() {
    for (const port of ports) port.cut();
    ports = [];
  },
};

export const webext = {
  runtime: {
    connect,
    getManifest: () => ({ version: "0.1.0" }),
    getURL: (path: string) => `moz-extension://stead/${path}`,
  },
  tabs: {
    create(details: unknown) {
      note("tabs.create", details);
      return Promise.resolve({});
    },
  },
  i18n: { getMessage: (name: string, values?: string | string[]) => getMessage(scene.messages, name, values) },
};

function connect(details: unknown): FakePort {
  note("connect", details);
  const [near, far] = FakePort.pair();
  if (scene.asleep) {
    setTimeout(() => near.cut(new Error("Could not establish connection. Receiving end does not exist.")));
    return near;
  }
  ports.push(near, far);
  new Peer({
    channel: channelOf(far),
    side: "background",
    version: "0.1.0",
    serves: pageMethods,
    handlers: {
      "page.state": async (params) => {
        note("page.state", params);
        if (scene.silent) await new Promise(() => undefined);
        return scene.state;
      },
      "page.answer": (params) => {
        note("page.answer", params);
        return {};
      },
      "page.link": (params) => {
        note("page.link", params);
        return { id: scene.link ?? null };
      },
    },
    calls: pageEvents,
  });
  return near;
}

function note(method: string, params: unknown): void {
  window.steadPage.calls.push({ method, params });
  const refusal = scene.refusals?.[method];
  if (refusal) throw SteadError.fromShape(refusal);
}

/** Stands in for extension/browser/webext.ts in a plain page: plays the background page of the scene that the server put in. */
import { type ErrorShape, SteadError } from "../../../shared/errors.ts";
import type { Project } from "../../../shared/models.ts";
import { backgroundMethods, popupMethods, type PopupState } from "../../../shared/protocol/popup.ts";
import type { Channel } from "../../../shared/wire/channel.ts";
import { Peer } from "../../../shared/wire/peer.ts";
import { connected } from "../../extension/popup/scenes.ts";
import type { Scene } from "../../extension/popup/scenes.ts";
import { getMessage, type Messages } from "../support/fakeMessages.ts";
import { channelOf, FakePort } from "../support/fakePort.ts";

declare global {
  interface Window {
    /** Put into the page by the server. */
    steadScene: Scene & { messages: Messages };
    /** What the test asks afterwards, and how it lets the background page act. */
    stead: { calls: { method: string; params: unknown }[]; closed: boolean; push: (state: PopupState) => void; sleep: () => void };
  }
}

const scene = window.steadScene;
let state: PopupState = structuredClone(scene.state);
let peer: Peer<typeof backgroundMethods, typeof popupMethods> | undefined;
let ports: FakePort[] = [];

window.stead = {
  calls: [],
  closed: false,
  push,
  sleep() {
    for (const port of ports) port.cut();
    ports = [];
  },
};
window.close = () => {
  window.stead.closed = true;
};

export const webext = {
  permissions: {
    request() {
      note("permissions.request", {});
      push({ ...state, access: true });
      return Promise.resolve(true);
    },
  },
  runtime: {
    connect: () => connect(),
    getManifest: () => ({ version: "0.1.0" }),
    openOptionsPage() {
      note("runtime.openOptionsPage", {});
      return Promise.resolve();
    },
  },
  i18n: {
    getMessage: (name: string, values?: string | string[]) => getMessage(scene.messages, name, values),
  },
};

function push(next: PopupState): void {
  state = next;
  void peer?.call("changed", structuredClone(state));
}

function connect(): FakePort {
  const [near, far] = FakePort.pair();
  if (scene.asleep) {
    setTimeout(() => near.cut(new Error("Could not establish connection. Receiving end does not exist.")));
    return near;
  }
  ports.push(near, far);
  peer = serve(channelOf(far));
  return near;
}

function serve(channel: Channel): Peer<typeof backgroundMethods, typeof popupMethods> {
  return new Peer({
    channel,
    side: "background",
    version: "0.1.0",
    serves: backgroundMethods,
    calls: popupMethods,
    handlers: {
      async state() {
        if (scene.stateAfter === null) await new Promise(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, scene.stateAfter ?? 0));
        return state;
      },
      switch(params) {
        note("switch", params, params.adopt === undefined ? undefined : "adoptionNeeded");
        push({ ...state, current: params.project, bound: params.window === "bind" ? params.project : state.bound });
        return { project: params.project, shown: 1, hidden: 2 };
      },
      "window.unbind"(params) {
        note("window.unbind", params);
        push({ ...state, bound: null });
        return {};
      },
      "project.add"(params) {
        note("project.add", params);
        const made: Project = { id: crypto.randomUUID(), name: params.name, color: params.color ?? "blue", icon: params.icon ?? "circle" };
        push({ ...state, projects: [...state.projects, { ...made, tabs: 0, items: 0, rules: 0, adoptable: false }] });
        return { project: made };
      },
      "project.update"(params) {
        note("project.update", params);
        const { name, color, icon } = params.patch;
        const projects = state.projects.map((one) =>
          one.id === params.id ? { ...one, name: name ?? one.name, color: color ?? one.color, icon: icon ?? one.icon } : one,
        );
        push({ ...state, projects });
        const updated = projects.find((one) => one.id === params.id);
        if (!updated) throw new SteadError("unknownProject", "There is no such project.");
        return { project: { id: updated.id, name: updated.name, color: updated.color, icon: updated.icon } };
      },
      "project.remove"(params) {
        note("project.remove", params);
        const gone = state.projects.find((one) => one.id === params.id);
        push({ ...state, projects: state.projects.filter((one) => one.id !== params.id) });
        return { removed: { name: gone?.name ?? "", items: gone?.items ?? 0, rules: gone?.rules ?? 0 } };
      },
      "page.reopen"(params) {
        note("page.reopen", params);
        return {};
      },
      "rule.add"(params) {
        note("rule.add", params);
        const { page } = state;
        if (page) push({ ...state, page: { ...page, owners: [params.rule.project], pattern: params.rule.pattern } });
        return { rule: { ...params.rule, id: crypto.randomUUID() }, moved: params.apply ? 2 : 0 };
      },
      "notice.dismiss"(params) {
        note("notice.dismiss", params);
        push({ ...state, notice: null });
        return {};
      },
      "lease.revoke"(params) {
        note("lease.revoke", params);
        const revoked = state.projects.find((one) => one.id === params.project)?.lease ?? null;
        push({ ...state, projects: state.projects.map((one) => (one.id === params.project ? { ...one, lease: null } : one)) });
        return { revoked };
      },
      "conflict.dismiss"(params) {
        note("conflict.dismiss", params);
        push({ ...state, conflict: null });
        return {};
      },
      "host.retry"(params) {
        note("host.retry", params);
        push({ ...state, host: connected });
        return {};
      },
    },
  });
}

function note(method: string, params: unknown, pardoned?: ErrorShape["code"]): void {
  window.stead.calls.push({ method, params });
  const refusal = scene.refusals?.[method];
  if (refusal && refusal.code !== pardoned) throw SteadError.fromShape(refusal);
}

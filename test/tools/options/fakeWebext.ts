/** Stands in for extension/browser/webext.ts in a plain page: plays the background page of the scene that the server put in. */
import { SteadError } from "../../../shared/errors.ts";
import type { Project } from "../../../shared/models.ts";
import { optionsEvents, optionsMethods, type OptionsState } from "../../../shared/protocol/options.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import type { Channel } from "../../../shared/wire/channel.ts";
import { Peer } from "../../../shared/wire/peer.ts";
import { checkSettings, patchSettings } from "../../../shared/settingsPatch.ts";
import { settleDrafts } from "../../../extension/core/ruleBook.ts";
import { connected, manyRules, type OptionsScene } from "../../extension/options/scenes.ts";
import { getMessage as getMessageOf, type Messages } from "../support/fakeMessages.ts";
import { channelOf, FakePort } from "../support/fakePort.ts";

declare global {
  interface Window {
    /** What the test asks afterwards, and how it lets the background page act. */
    steadOptions: {
      calls: { method: string; params: unknown }[];
      push: (change: Partial<OptionsState>) => void;
      pushRules: (change: { set: Rule[]; removed: string[] }) => void;
      sleep: () => void;
    };
  }
}

// Put into the page by the server, as the popup's tests have theirs.
const scene = window.steadScene as unknown as OptionsScene & { messages: Messages };
const getMessage = (name: string, values?: string | string[]) => getMessageOf(scene.messages, name, values);
let state: OptionsState = structuredClone(scene.state);
const rules = new Map([...scene.rules, ...manyRules(scene.manyRules ?? 0)].map((rule) => [rule.id, rule]));
let peer: Peer<typeof optionsMethods, typeof optionsEvents> | undefined;
let ports: FakePort[] = [];

window.steadOptions = {
  calls: [],
  push,
  pushRules: ({ set, removed }) => {
    for (const rule of set) rules.set(rule.id, rule);
    for (const id of removed) rules.delete(id);
    void peer?.call("rulesChanged", { store: "store", revision: 1, all: false, set, removed });
  },
  sleep() {
    for (const port of ports) port.cut();
    ports = [];
  },
};

const keys = new Map([["_execute_action", "Alt+Shift+P"], ["new-tab", "Alt+Shift+N"], ["next-project", "Alt+Shift+Period"], ["last-project", ""], ["project-1", "Alt+Shift+1"]]);
const descriptions: Record<string, string> = {
  "new-tab": "commandNewTab", "next-project": "commandNextProject", "last-project": "commandLastProject", "project-1": "commandProject1",
};

export const webext = {
  permissions: {
    request() {
      note("permissions.request", {});
      push({ access: true });
      return Promise.resolve(true);
    },
  },
  commands: {
    getAll: () =>
      Promise.resolve([...keys].map(([name, shortcut]) => ({ name, shortcut, description: descriptions[name] && getMessage(descriptions[name]) }))),
    update({ name, shortcut }: { name: string; shortcut: string }) {
      note("commands.update", { name, shortcut });
      if (shortcut === "Ctrl+Q") return Promise.reject(new Error("Invalid shortcut"));
      keys.set(name, shortcut);
      return Promise.resolve();
    },
    reset(name: string) {
      note("commands.reset", { name });
      keys.set(name, "Alt+Shift+0");
      return Promise.resolve();
    },
    openShortcutSettings() {
      note("commands.openShortcutSettings", {});
      return Promise.resolve();
    },
    onChanged: { addListener: () => undefined },
  },
  tabs: {
    create(params: unknown) {
      note("tabs.create", params);
      return Promise.resolve({});
    },
    query: () =>
      Promise.resolve([
        { url: "https://github.com/acme/site", lastAccessed: 3 },
        { url: "https://github.com/other", lastAccessed: 1 },
        { url: "http://localhost:3000/", lastAccessed: 2 },
        { url: "about:config", lastAccessed: 9 },
        { url: "https://bücher.example/", lastAccessed: 5, incognito: true },
      ]),
    getCurrent: () => Promise.resolve({ id: 1 }),
    remove(params: unknown) {
      note("tabs.remove", params);
      return Promise.resolve();
    },
  },
  runtime: { connect: () => connect(), getManifest: () => ({ version: "0.1.0" }), getURL: (path: string) => `moz-extension://stead/${path}` },
  i18n: { getMessage },
};

function push(change: Partial<OptionsState>): void {
  state = { ...state, ...change };
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

function serve(channel: Channel): Peer<typeof optionsMethods, typeof optionsEvents> {
  return new Peer({
    channel,
    side: "background",
    version: "0.1.0",
    serves: optionsMethods,
    calls: optionsEvents,
    handlers: {
      "options.state": () => state,
      rules: () => ({ store: "store", revision: 1, all: true, set: [...rules.values()], removed: [] }),
      "rules.change"(params) {
        note("rules.change", params);
        const { put, removed } = settleDrafts(rules, params.put, () => crypto.randomUUID());
        const gone = [...params.remove, ...removed];
        window.steadOptions.pushRules({ set: put, removed: gone });
        return { put, removed: gone.length };
      },
      "rules.apply"(params) {
        note("rules.apply", params);
        return { moved: 2 };
      },
      "settings.set"(params) {
        note("settings.set", params);
        push({ settings: patchSettings(state.settings, checkSettings(params)) });
        return { settings: state.settings };
      },
      switch(params) {
        note("switch", params);
        push({ current: params.project });
        return { project: params.project, shown: 1, hidden: 2 };
      },
      "project.add"(params) {
        note("project.add", params);
        const made: Project = { id: crypto.randomUUID(), name: params.name, color: params.color ?? "blue", icon: params.icon ?? "circle" };
        push({ projects: [...state.projects, { ...made, tabs: 0, items: 0, rules: 0, adoptable: false }] });
        return { project: made };
      },
      "project.update"(params) {
        note("project.update", params);
        const { name, color, icon } = params.patch;
        const projects = state.projects.map((one) =>
          one.id === params.id ? { ...one, name: name ?? one.name, color: color ?? one.color, icon: icon ?? one.icon } : one,
        );
        push({ projects });
        const updated = projects.find((one) => one.id === params.id);
        if (!updated) throw new SteadError("unknownProject", "There is no such project.");
        return { project: { id: updated.id, name: updated.name, color: updated.color, icon: updated.icon } };
      },
      "project.remove"(params) {
        note("project.remove", params);
        const gone = state.projects.find((one) => one.id === params.id);
        push({ projects: state.projects.filter((one) => one.id !== params.id) });
        return { removed: { name: gone?.name ?? "", items: gone?.items ?? 0, rules: gone?.rules ?? 0 } };
      },
      "host.retry"(params) {
        note("host.retry", params);
        push({ host: connected });
        return {};
      },
    },
  });
}

function note(method: string, params: unknown): void {
  window.steadOptions.calls.push({ method, params });
  const refusal = scene.refusals?.[method];
  if (refusal) throw SteadError.fromShape(refusal);
}

import { optionsEvents, optionsMethods, type OptionsState } from "../../shared/protocol/options.ts";
import type { RuleId } from "../../shared/rules/rule.ts";
import { Peer } from "../../shared/wire/peer.ts";
import type { Handlers, Params } from "../../shared/wire/table.ts";
import type { LocalRules } from "./localRules.ts";
import { portChannel } from "./portChannel.ts";
import type { PopupServer } from "./popupServer.ts";
import { webext } from "./webext.ts";

type OptionsPeer = Peer<typeof optionsMethods, typeof optionsEvents>;

interface Parts {
  popup: Pick<PopupServer, "state" | "handlers">;
  rules: LocalRules;
  applyRules: (rules: readonly RuleId[]) => Promise<number>;
}

/** Answers open options and first-run pages and tells them what changed. */
export class OptionsServer {
  readonly #parts: Parts;
  readonly #peers = new Set<OptionsPeer>();
  #telling = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  accept(port: browser.runtime.Port): void {
    const peer: OptionsPeer = new Peer({
      channel: portChannel(port),
      side: "background",
      version: webext.runtime.getManifest().version,
      serves: optionsMethods,
      handlers: this.#handlers(),
      calls: optionsEvents,
    });
    this.#peers.add(peer);
    void peer.closed.then(() => this.#peers.delete(peer));
  }

  /** Something other than the rules may have changed; several changes in one turn are told once. */
  changed(): void {
    if (this.#peers.size === 0 || this.#telling) return;
    this.#telling = true;
    setTimeout(() => {
      this.#telling = false;
      void this.#tell();
    }, 0);
  }

  rulesChanged({ all, set, removed }: Pick<Params<typeof optionsEvents, "rulesChanged">, "all" | "set" | "removed">): void {
    if (!all && set.length === 0 && removed.length === 0) return;
    for (const peer of this.#peers) peer.call("rulesChanged", { ...this.#parts.rules.at, all, set, removed }).catch(() => undefined);
  }

  async #tell(): Promise<void> {
    const state = await this.#state();
    for (const peer of this.#peers) peer.call("changed", state).catch(() => undefined);
  }

  #handlers(): Handlers<typeof optionsMethods> {
    const { popup, rules, applyRules } = this.#parts;
    const shared = popup.handlers();
    return {
      "options.state": () => this.#state(),
      rules: async () => {
        await rules.ready;
        return rules.all;
      },
      "rules.change": (change) => rules.change(change),
      "rules.apply": async (request) => ({ moved: await applyRules(request.rules) }),
      "settings.set": async (patch) => ({ settings: await rules.setSettings(patch) }),
      "project.add": shared["project.add"],
      "project.update": shared["project.update"],
      "project.remove": shared["project.remove"],
      switch: (request) => shared.switch(request),
      "host.retry": shared["host.retry"],
    };
  }

  async #state(): Promise<OptionsState> {
    const { popup, rules } = this.#parts;
    const [state] = await Promise.all([popup.state(), rules.ready]);
    return { ...state, settings: rules.settings, unsent: rules.unsent };
  }
}

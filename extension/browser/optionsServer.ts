import { optionsEvents, optionsMethods, type OptionsState } from "../../shared/protocol/options.ts";
import type { RuleId } from "../../shared/rules/rule.ts";
import type { Handlers, Params } from "../../shared/wire/table.ts";
import type { LocalRules } from "./localRules.ts";
import { OpenPages } from "./openPages.ts";
import type { PopupServer } from "./popupServer.ts";

interface Parts {
  popup: Pick<PopupServer, "state" | "handlers">;
  rules: LocalRules;
  applyRules: (rules: readonly RuleId[]) => Promise<number>;
}

/** Answers open options and first-run pages and tells them what changed. */
export class OptionsServer {
  readonly #parts: Parts;
  readonly #pages = new OpenPages({
    serves: optionsMethods,
    calls: optionsEvents,
    handlers: () => this.#handlers(),
    tell: async (pages) => {
      const state = await this.#state();
      for (const page of pages) page.call("changed", state).catch(() => undefined);
    },
  });

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  accept(port: browser.runtime.Port): void {
    this.#pages.accept(port);
  }

  /** Something other than the rules may have changed. */
  changed(): void {
    this.#pages.changed();
  }

  rulesChanged({ all, set, removed }: Pick<Params<typeof optionsEvents, "rulesChanged">, "all" | "set" | "removed">): void {
    if (!all && set.length === 0 && removed.length === 0) return;
    for (const page of this.#pages.peers) page.call("rulesChanged", { ...this.#parts.rules.at, all, set, removed }).catch(() => undefined);
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

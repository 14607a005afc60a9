import { expectWebUrl } from "../../shared/webUrl.ts";
import { update } from "../actions/bringIn.ts";
import { checkOut } from "../actions/checkOut.ts";
import { currentProject } from "../actions/currentProject.ts";
import { exportState } from "../actions/exportState.ts";
import { importState } from "../actions/importState.ts";
import { openAddress } from "../actions/openAddress.ts";
import { restoreState } from "../actions/restoreState.ts";
import { switchTo } from "../actions/switchTo.ts";
import { readDomain } from "../cli/readDomain.ts";
import { writePrivateFile } from "../files.ts";
import { readBase, readFormat, readImportFormat, readMoment, readName, readTtl, stateFrom } from "./arguments.ts";
import { readBrought, textOf } from "./brought.ts";
import { HeldLease } from "./heldLease.ts";
import { Quiet } from "./quiet.ts";
import { Reach } from "./reach.ts";
import type {
  Change, Duration, Exported, GivenState, Imported, ImportFormat, Lease, Merged, OpenOptions, ProjectInfo, Restored, Revision, State, StateFormat,
  Stead, Switched,
} from "./types.ts";

/** The library's methods: each reads its arguments, and has an action do the rest. */
export class Handle extends Quiet implements Stead {
  readonly [Symbol.toStringTag] = "Stead";
  readonly #reach: Reach;
  readonly #name: string;

  constructor({ home, env = process.env, name = "library", warn = warnProcess }: OpenOptions) {
    super();
    this.#name = readName(name);
    this.#reach = new Reach({ env: home === undefined ? env : { ...env, STEAD_HOME: home }, warn });
  }

  open(options: OpenOptions = {}): Stead {
    return new Handle(options);
  }

  projects(): Promise<ProjectInfo[]> {
    return this.#reach.run(async (access) => (await access.store()).registry().projects);
  }

  state<F extends StateFormat = "playwright">(project: string, options: { format?: F; domain?: string } = {}): Promise<GivenState<F>> {
    return this.#reach.run(async (access) => {
      const format = readFormat(options.format);
      const domain = readDomain(options.domain, "domain");
      const { document, revision, dropped, lost } = await exportState(access, await access.project(project), { format, domain, by: this.#name, action: "read" });
      return { state: stateFrom(options, document), revision, dropped, lost };
    });
  }

  checkout<F extends StateFormat = "playwright">(project: string, options: { ttl?: Duration; holder?: string; format?: F } = {}): Promise<Lease<F>> {
    return this.#reach.run(async (access) => {
      const format = readFormat(options.format);
      const wanted = { ttlMs: readTtl(options.ttl), holder: readName(options.holder ?? this.#name), format };
      const found = await access.project(project);
      return checkOut(access, found, wanted, (out) => new HeldLease<F>(this.#reach, { project: found, holder: wanted.holder, asked: options, out }));
    });
  }

  update(project: string, state: State | readonly Change[], options: { base?: number; domain?: string; force?: boolean } = {}): Promise<Merged> {
    return this.#reach.run(async (access) => {
      const { domain, force = false } = options;
      const base = readBase(options.base);
      const brought = readBrought(state, access.now(), readDomain(domain, "domain"));
      return update(access, await access.project(project), brought, { by: this.#name, base, force });
    });
  }

  import(project: string, state: State, options: { format?: ImportFormat; replace?: boolean; force?: boolean } = {}): Promise<Imported> {
    return this.#reach.run(async (access) => {
      const { replace = false, force = false } = options;
      const wanted = { format: readImportFormat(options.format), replace, force, by: this.#name };
      return importState(access, await access.project(project), textOf(state), wanted);
    });
  }

  export(project: string, file: string, options: { format?: StateFormat; domain?: string } = {}): Promise<Exported> {
    return this.#reach.run(async (access) => {
      const wanted = { format: readFormat(options.format), domain: readDomain(options.domain, "domain"), by: this.#name, action: "export" as const };
      const { document, cookies, origins, dropped, lost } = await exportState(access, await access.project(project), wanted);
      return { file: await writePrivateFile(file, document), cookies, origins, dropped, lost };
    });
  }

  history(project: string, options: { domain?: string } = {}): Promise<Revision[]> {
    return this.#reach.run(async (access) => {
      const domain = readDomain(options.domain, "domain");
      const { id } = await access.project(project);
      const changes = (await access.store()).history(id, domain === undefined ? {} : { domain });
      return changes.map((change) => ({ ...change, at: new Date(change.at) }));
    });
  }

  restore(project: string, options: { to?: number | Date; domain?: string; force?: boolean } = {}): Promise<Restored> {
    return this.#reach.run(async (access) => {
      const { to, domain, force = false } = options;
      const wanted = { to: readMoment(to), domain: readDomain(domain, "domain"), force, by: this.#name };
      return restoreState(access, await access.project(project), wanted);
    });
  }

  switch(project: string, { instance, window, adopt }: { instance?: string; window?: "bind" | "unbind"; adopt?: boolean } = {}): Promise<Switched> {
    return this.#reach.run((access) => switchTo(access, project, { instance, window, adopt, prefix: false }));
  }

  current(): Promise<string | null> {
    return this.#reach.run(currentProject);
  }

  openUrl(url: string | URL, { project, instance }: { project?: string; instance?: string } = {}): Promise<{ project: string | null; instance: string }> {
    return this.#reach.run((access) => openAddress(access, { url: expectWebUrl(String(url)), project, instance, prefix: false }));
  }

  close(): Promise<void> {
    return this.#reach.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  toJSON(): object {
    return { home: this.#reach.home.data, name: this.#name };
  }
}

function warnProcess(message: string): void {
  process.emitWarning(message, "SteadWarning");
}

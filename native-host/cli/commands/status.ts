import { SteadError } from "../../../shared/errors.ts";
import type { VaultStatus } from "../../../shared/models.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { connected } from "../../actions/instances.ts";
import { formatDuration } from "../duration.ts";
import { table } from "../table.ts";

interface StoreStatus {
  path: string;
  /** Null while the vault is locked. */
  revision: number | null;
  items: number | null;
}

/** `stead status`: never makes a store or a key; while the vault is locked it says what can be said without it. */
export async function status(context: CliContext): Promise<Answer> {
  const [vault, links] = await Promise.all([context.vaultStatus(), context.hosts()]);
  const profiles = connected(links);
  const { store, active } = await lookIntoStore(context, vault);
  const instances = profiles.map(({ status: one }) => ({
    instance: one.instance, browser: one.browser, version: one.version, connectedAt: one.connectedAt,
    current: one.current, id: one.id, extensionVersion: one.extensionVersion, pid: one.pid,
  }));
  const autoLock = vault.autoLock ?? null;
  const json = { active: active ?? profiles[0]?.status.current ?? null, vault: { ...vault, autoLock }, store, instances };

  const head = [
    ["Active", json.active ?? (store.revision === null ? "not known while the vault is locked" : "none")],
    ["Vault", `${vault.state} (${vault.source})${autoLock === null ? "" : `, locks itself after ${formatDuration(autoLock)} without use`}`],
    ["Store", store.revision === null ? `${store.path} (locked)` : `${store.path} (revision ${store.revision}, ${store.items ?? 0} items)`],
    ...(instances.length === 0 ? [["Firefox", "none connected"]] : []),
  ];
  const rows = instances.map((one) => [one.instance, `${one.browser} ${one.version}`, `since ${one.connectedAt}`, one.current ?? "no project"]);
  return { json, text: [table(head), ...(rows.length > 0 ? [table(rows)] : [])].join("\n\n") };
}

async function lookIntoStore(context: CliContext, vault: VaultStatus): Promise<{ store: StoreStatus; active: string | null }> {
  const path = context.home.store;
  if (!(await context.storeIsFounded())) return { store: { path, revision: 0, items: 0 }, active: null };
  const unknown = { store: { path, revision: null, items: null }, active: null };
  if (vault.state === "locked") return unknown;
  try {
    const store = await context.store();
    const active = store.active().project;
    const name = store.registry().projects.find(({ id }) => id === active)?.name ?? null;
    return { store: { path: store.path, revision: store.revision(), items: store.itemCount() }, active: name };
  } catch (error) {
    // Locked between the two looks.
    if (error instanceof SteadError && error.code === "vaultLocked") return unknown;
    throw error;
  }
}

import type { VaultStatus } from "../../shared/models.ts";
import type { HostLink } from "../host/link.ts";
import type { Store } from "../store/types.ts";
import { type Check, failed } from "./checks/check.ts";
import { checkHostStarts } from "./checks/checkHostStarts.ts";
import { checkInstances } from "./checks/checkInstances.ts";
import { checkManifests } from "./checks/checkManifests.ts";
import { checkNativeModules } from "./checks/checkNativeModules.ts";
import { checkNode } from "./checks/checkNode.ts";
import { checkSockets } from "./checks/checkSockets.ts";
import { checkStore } from "./checks/checkStore.ts";
import { checkVault } from "./checks/checkVault.ts";
import { checkWrapper } from "./checks/checkWrapper.ts";
import { packagingNotes } from "./checks/packagingNotes.ts";
import type { InstallEnvironment } from "./environment.ts";

/** How the checks reach what runs. */
export interface Reach {
  vaultStatus(): Promise<VaultStatus>;
  storeIsFounded(): Promise<boolean>;
  store(): Promise<Store>;
  hosts(): Promise<readonly HostLink[]>;
}

/** Every link of the chain in order, from the terminal to Firefox. */
export async function examine(environment: InstallEnvironment, reach: Reach, version: string): Promise<Check[]> {
  const { checks: vaultChecks, vault } = await checkVault(environment, () => reach.vaultStatus());
  return [
    checkNode(process.versions.node, environment.node),
    ...(await attempt("manifest", () => checkManifests(environment))),
    ...(await attempt("wrapper", async () => [await checkWrapper(environment)])),
    ...(await attempt("native-modules", async () => [await checkNativeModules(environment)])),
    ...(await attempt("host", async () => [await checkHostStarts(environment, version)])),
    ...vaultChecks,
    ...(await attempt("store", () => checkStore(environment, vault, reach))),
    ...(await attempt("sockets", async () => [await checkSockets(environment)])),
    ...(await attempt("firefox", () => checkInstances(() => reach.hosts(), version))),
    ...(await packagingNotes(environment)),
  ];
}

/** A file that may not be read must not keep the other checks from being made. */
async function attempt(name: string, check: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    return [failed(name, `It could not be examined: ${error.message}.`, "Check the owner and mode of that file and of the directories above it.")];
  }
}

import { realEdges } from "../../../native-host/cli/edges.ts";
import { type Harness, harness, type World } from "./harness.ts";

/** The command line over the real store and vault, with the key in a file. */
export function real(world: World = {}): Harness {
  const { openStore, storeIsFounded, vaultStatus, lockVault, unlockVault, setAutoLock, rotateKey, makeBackup, restoreBackup } = realEdges;
  const edges = { openStore, storeIsFounded, vaultStatus, lockVault, unlockVault, setAutoLock, rotateKey, makeBackup, restoreBackup };
  return harness({ ...world, env: { STEAD_KEYSTORE: "file", ...world.env }, edges });
}

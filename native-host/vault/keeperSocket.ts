import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makePrivateDirectory } from "../host/privateFiles.ts";
import type { Home } from "../home.ts";

/** Names the connection in the proof that both ends know the token. */
export const keeperContext = "keeper";

/**
 * What a client asks, one byte after the proof: for what is held, or to quit; followed by a root key, to hold that too (`add`),
 * or that alone (`only`); or to look anew when the vault locks itself (`wake`).
 */
export const ask = { key: 0x6b, quit: 0x71, add: 0x61, only: 0x6f, wake: 0x77 } as const;

/** Node cuts a longer path short and binds elsewhere, in silence (macOS: 104 with the final zero). */
const longestPath = 103;

/** Where the keeper listens; its directory is private to this user. Throws `socketUnsafe`. */
export async function keeperSocket(home: Home, platform: NodeJS.Platform = process.platform): Promise<string> {
  const name = createHash("sha256").update(home.run).digest("hex").slice(0, 24);
  if (platform === "win32") return `\\\\.\\pipe\\stead-keeper-${name}`;
  const path = join(home.run, "keeper.sock");
  const directory = Buffer.byteLength(path) <= longestPath ? home.run : join(tmpdir(), `stead-${name}`);
  await makePrivateDirectory(directory);
  return join(directory, "keeper.sock");
}

import type { Home } from "../home.ts";
import { connectHosts } from "./connectHosts.ts";

const pokeTimeoutMs = 30_000;

/** Pokes every other host and waits for their Firefoxes. A host that fails catches up at its next poke or connection. */
export async function tellOtherHosts(home: Home, self: string | undefined, revision: number): Promise<void> {
  const links = await connectHosts(home, { side: "host", ...(self !== undefined && { except: self }) });
  await Promise.allSettled(
    links.map(async (link) => {
      try {
        await link.peer.call("poke", { revision }, { timeoutMs: pokeTimeoutMs });
      } finally {
        link.close();
      }
    }),
  );
}

import { SteadError } from "../../../shared/errors.ts";
import { homeFrom } from "../../../native-host/home.ts";
import { openStore } from "../../../native-host/store/openStore.ts";

// Adds one to the number in the project argv[2], argv[4] times, each time under a lease to argv[3]: what two do at once is lost.
const [project = "", holder = "", count = "0"] = process.argv.slice(2);
const store = await openStore({ home: homeFrom(process.env), env: process.env });
for (let done = 0; done < Number(count); ) {
  const lease = await checkout();
  if (!lease) continue;
  const number = lease.entries.reduce((sum, entry) => (entry.kind === "local" && entry.key === "number" ? Number(entry.value) : sum), 0);
  // The other has every chance to come between.
  await new Promise((resolve) => setTimeout(resolve, 1));
  const entry = { kind: "local", origin: "https://example.com", key: "number", value: String(number + 1) } as const;
  const { conflicts } = store.checkin(project, { kind: "whole", entries: [entry], covers: () => true, at: Date.now() }, { token: lease.token });
  if (conflicts.length > 0) throw new Error("Somebody wrote meanwhile.");
  done++;
}
store.close();

async function checkout(): Promise<ReturnType<typeof store.checkout> | undefined> {
  try {
    return store.checkout(project, { holder, ttlMs: 60_000 });
  } catch (error) {
    if (!(error instanceof SteadError) || error.code !== "conflict") throw error;
    await new Promise((resolve) => setTimeout(resolve, 2));
    return undefined;
  }
}

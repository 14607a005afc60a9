import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import type { Cookie } from "../../shared/models.ts";
import { PlainStore } from "./plainStore.ts";
import { inTurn, median, milliseconds, quantile } from "./sample.ts";

const batch = 1000;
/** A session token's length. */
const valueBytes = 400;

/** Sealed writes beside plain ones of the same cookies, as durable, in the same columns and indexes (plainStore.ts). */
export async function benchWrites(): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), "stead-bench-"));
  const env = { STEAD_HOME: directory, STEAD_KEYSTORE: "file" };
  const store = await openStore({ home: homeFrom(env), env });
  const plain = new PlainStore(join(directory, "plain.db"), { careful: false });
  const careful = new PlainStore(join(directory, "careful.db"), { careful: true });
  const project = store.addProject({ name: "bench" }).id;
  let round = 0;
  const sealed = (cookies: Cookie[]) => store.write(project, cookies.map((cookie) => ({ kind: "set", cookie, at: 1 })), { by: "bench" });
  const beside = (make: () => Cookie[]) => ({
    sealed: () => sealed(make()),
    plain: () => plain.write(project, make()),
    careful: () => careful.write(project, make()),
  });
  try {
    const results = {
      [`${batch} new cookies in one transaction`]: await inTurn(beside(() => cookies(batch, round++ * batch)), 40),
      [`${batch} changed cookies in one transaction`]: await inTurn(beside(() => cookies(batch, 0, String(round++))), 40),
      "1 new cookie in a transaction of its own": await inTurn(beside(() => cookies(1, 1e6 + round++)), 300),
      "1 changed cookie in a transaction of its own": await inTurn(beside(() => cookies(1, 7, String(round++))), 300),
    };
    return Object.entries(results).flatMap(([what, samples]) => {
      const count = what.startsWith("1 ") ? 1 : batch;
      const perSecond = (all: number[]): string => Math.round((count * 1000) / median(all)).toLocaleString("en");
      const share = (all: number[]): string => (median(all) / median(samples.sealed)).toFixed(2);
      return [
        `${what}: ${share(samples.plain)} of the plain rate, ${share(samples.careful)} of a careful one's; ` +
          `${perSecond(samples.sealed)}, ${perSecond(samples.plain)} and ${perSecond(samples.careful)} cookies per second`,
        `  p50 ${milliseconds(median(samples.sealed))}, p95 ${milliseconds(quantile(samples.sealed, 0.95))}`,
      ];
    });
  } finally {
    plain.close();
    careful.close();
    store.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function cookies(count: number, first: number, value = ""): Cookie[] {
  return Array.from({ length: count }, (_, place) => ({
    name: `name-${first + place}`,
    value: value.padEnd(valueBytes, "v"),
    domain: `host-${(first + place) % 500}.example`,
    path: "/",
    secure: true,
    httpOnly: true,
    sameSite: "lax",
    expires: Math.floor(Date.now() / 1000) + 86_400,
  }));
}

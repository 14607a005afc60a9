import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { makeProjects } from "../e2e/support/projectTabs.ts";
import { stored } from "../e2e/support/stored.ts";
import { World } from "../e2e/support/world.ts";
import type { Firefox } from "../support/firefox.ts";
import { startStorageSite, type StorageSite, type Told } from "../support/storageSite.ts";
import { waitFor } from "../support/waitFor.ts";

const rounds = process.env["STEAD_FAULTS"] === "full" ? 60 : 4;
const hosts = Array.from({ length: 20 }, (_, index) => `127.0.0.${index + 1}`);
/** Pages that are opened at once. */
const atOnce = 5;
/** One process for many sites: a round takes half as long, and what is killed is the same. */
const prefs = { "fission.autostart": false };

/** All that an origin holds after the import of a round: what is of one round only is whole. */
const localOf = (host: string, round: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`key${index}`, `${round} ${host} ${index} `.repeat(20)]));
const recordOf = (host: string, round: number): string => `${round} ${host}`;

/** Of which rounds the localStorage and the database are that a first script found: 0 where there was nothing, undefined for what is of none as a whole. */
function roundsOf(host: string, { local, record }: Told, last: number): { local: number | undefined; database: number | undefined } {
  const rounds = Array.from({ length: last + 1 }, (_, index) => last - index);
  return {
    local: rounds.find((round) => isDeepStrictEqual(local, round === 0 ? {} : localOf(host, round))),
    database: rounds.find((round) => record === (round === 0 ? "none" : recordOf(host, round))),
  };
}

it("a state that is being restored when Firefox is killed is whole in every origin after the next start", async () => {
  const world = await World.make();
  onTestFinished(() => world.end());
  const site = await startStorageSite();
  onTestFinished(() => site.close());
  await world.json("install", "--browser", "firefox");
  let firefox = await world.firefox({ prefs });
  await world.connected();
  const { acme = 0 } = await makeProjects(world, firefox, ["acme"]);
  await waitFor("Firefox to write its containers", async () => (await readFile(join(firefox.profile, "containers.json"), "utf8")).includes("acme"));

  const counts = { kills: 0, openedBefore: 0, whole: 0, older: 0, apart: 0 };
  for (let round = 1; round <= rounds; round++) {
    const begin = site.told.length;
    const file = await writeState(world, site, round);
    const imported = world.stead(["import", "acme", file, "--json"]);
    // A third of the kills fall into the import itself.
    if (round % 3 !== 0) expect((await imported).status).toBe(0);
    // Of a killed Firefox it waits in vain for a while, which nobody needs to wait for.
    void openAll(firefox, site, acme).catch(() => undefined);
    const opened = Math.floor(((round - 1) * hosts.length) / rounds);
    await waitFor(`${opened} pages to have opened`, () => site.told.length - begin >= opened);
    await new Promise((done) => setTimeout(done, (round * 37) % 100));
    firefox = await world.crash(firefox, { prefs });
    expect((await imported).status).toBe(0);
    counts.kills += 1;
    counts.openedBefore += site.told.length - begin;
    await world.connected();

    const afterwards = site.told.length;
    await openAll(firefox, site, acme);
    for (const host of hosts) {
      const ofHost = (): Told[] => site.told.slice(afterwards).filter(({ origin }) => origin === site.origin(host));
      // What its first script did not find is there after one more load, which nobody has to ask for.
      const isWhole = (told: Told): boolean => isDeepStrictEqual(roundsOf(host, told, round), { local: round, database: round });
      // What its first script did not find is there after one more load, which nobody has to ask for.
      await waitFor(`${host} to be whole after kill ${round}`, () => ofHost().some(isWhole));
      for (const told of ofHost()) {
        const rounds = roundsOf(host, told, round);
        expect(Object.values(rounds), `the halves that ${host} found after kill ${round}`).not.toContain(undefined);
        if (isWhole(told)) counts.whole += 1;
        else if (rounds.local === rounds.database) counts.older += 1;
        else counts.apart += 1;
      }
      expect(ofHost().length).toBeLessThanOrEqual(2);
    }
    const { origins = [] } = await stored(world, "acme");
    expect(origins.map(({ origin, localStorage, databases }) => [origin, Object.fromEntries(localStorage.map(({ name, value }) => [name, value])), databases[0]?.records[0]?.value]).sort()).toEqual(
      hosts.map((host) => [site.origin(host), localOf(host, round), recordOf(host, round)]).sort(),
    );
    for (const { context, url } of await firefox.tabs()) if (url.startsWith("http:")) await firefox.closeTab(context);
  }
  console.info(`${counts.kills} kills after ${counts.openedBefore} first scripts; after them ${counts.whole} found all, ${counts.older} all as it was before, ${counts.apart} localStorage as before and the database as it is`);
});

async function writeState(world: World, site: StorageSite, round: number): Promise<string> {
  const file = join(world.home, "state.json");
  const origins = hosts.map((host) => ({
    origin: site.origin(host),
    localStorage: Object.entries(localOf(host, round)).map(([name, value]) => ({ name, value })),
    indexedDB: [{ name: "db", version: 1, stores: [{ name: "s", autoIncrement: false, indexes: [], records: [{ key: "k", value: recordOf(host, round) }] }] }],
  }));
  await writeFile(file, JSON.stringify({ cookies: [], origins }));
  return file;
}

/** Opens every origin in a tab of its own, some at a time. */
async function openAll(firefox: Firefox, site: StorageSite, userContextId: number): Promise<void> {
  for (let begin = 0; begin < hosts.length; begin += atOnce) {
    await Promise.all(hosts.slice(begin, begin + atOnce).map((host) => firefox.openTab(site.url("/tell", host), { userContextId })));
  }
}

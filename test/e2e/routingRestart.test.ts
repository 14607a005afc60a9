import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitFor } from "../support/waitFor.ts";
import { makeRoutedWorld, type RoutedWorld } from "./support/routedWorld.ts";
import { Person } from "./support/person.ts";

/** Firefox as its users have it: after a crash it restores the session it last wrote. */
const restoring = { "browser.sessionstore.resume_from_crash": true, "browser.sessionstore.interval": 500 };

describe("a Firefox that starts", () => {
  let at: RoutedWorld;

  beforeAll(async () => {
    at = await makeRoutedWorld({ prefs: restoring });
  });

  afterAll(async () => {
    await at.end();
  });

  it("restores its session as it was, though rules would have its pages elsewhere by now", async () => {
    const { world, site, firefox, acme, beta } = at;
    const pages = [
      { url: site.url("free", "/one"), userContextId: 0 },
      { url: site.url("free", "/two"), userContextId: 0 },
      { url: site.url("acme", "/three"), userContextId: acme },
      { url: site.url("free", "/four"), userContextId: beta },
    ];
    for (const { url, userContextId } of pages) await firefox.openTab(url, { userContextId, front: true });
    const before = (await firefox.tabs()).length;
    await world.json("rule", "add", "acme", site.host("free"));
    const session = join(firefox.profile, "sessionstore-backups", "recovery.jsonlz4");
    await waitFor("Firefox to write its session", async () => {
      const written = String(await firefox.chrome(`IOUtils.readUTF8(${JSON.stringify(session)}, { decompress: true })`));
      return pages.every(({ url }) => written.includes(url));
    }, 40_000);
    site.forget();

    const again = await world.crash(firefox, { prefs: restoring });
    await world.connected();
    const person = new Person(again);
    at = { ...at, firefox: again, person };
    for (const { url, userContextId } of pages) {
      const [tab] = await person.tabsWith(url);
      expect(tab, url).toMatchObject({ userContextId });
      await again.selectTab(tab?.context ?? "");
      await again.loaded((await person.sees(url)).context, url);
      expect(await person.tabsWith(url)).toMatchObject([{ userContextId }]);
      expect(site.requests(new URL(url).hostname.replace(".localhost", ""), new URL(url).pathname)).toHaveLength(1);
    }
    expect(await again.tabs()).toHaveLength(before);
  });

  it.each([
    { it: "a page of a project opens there", name: "beta", path: "/link", in: "beta" as const },
    { it: "any other opens in the active project, when that is wished", name: "mail", path: "/link", in: "acme" as const },
  ])("for another program's link brings it where it belongs: $it", async ({ name, path, in: project }) => {
    const { world, site } = at;
    await world.json("switch", "acme");
    await at.person.call("options", "settings.set", { external: { kind: "active" } });
    await waitFor("it to be kept", () => at.person.extension("browser.storage.local.get().then(({ ruleBook, state }) => ruleBook.settings.external.kind === 'active' && state.active !== null)"));
    const firefox = await world.crash(at.firefox, { url: site.url(name, path) });
    at = { ...at, firefox, person: new Person(firefox) };
    await world.connected();
    expect(await at.person.sees(site.url(name, path))).toMatchObject({ userContextId: at[project], selected: true });
    expect(site.requests(name, path)).toHaveLength(1);
    expect(await at.person.tabsWith(site.url(name, path))).toHaveLength(1);
  });
});

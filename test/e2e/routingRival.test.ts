import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { waitFor } from "../support/waitFor.ts";
import { writeRival } from "./support/rival.ts";
import { makeRoutedWorld, type RoutedWorld } from "./support/routedWorld.ts";

describe("another add-on that gives pages to containers", () => {
  let at: RoutedWorld;
  let theirs: number;

  beforeAll(async () => {
    at = await makeRoutedWorld();
    theirs = await at.firefox.createContainer("theirs");
    await at.firefox.install(await writeRival(at.world.home));
  });

  afterAll(async () => {
    await at.end();
  });

  beforeEach(async () => {
    await at.person.tidy();
    at.site.forget();
  });

  it.each(["newTab", "here"] as const)("has its way when it wants the page elsewhere, with a page that says so, and no other tab remains (%s)", async (where) => {
    const { site, person, firefox } = at;
    if (where === "here") await firefox.openTab(site.url("free", "/kept"), { front: true });
    await person.extension("1");
    const tabs = (await firefox.tabs()).length;
    await person.type(site.url("acme", "/theirs"), where);
    await person.sees(/page\/page\.html/);
    expect(await person.sees(site.url("acme", "/theirs"))).toMatchObject({ userContextId: theirs });
    await waitFor("two tabs more", async () => (await firefox.tabs()).length === tabs + 2);
    expect(await person.tabsWith(site.url("acme", "/theirs"))).toHaveLength(1);
    expect(site.requests("acme", "/theirs")).toHaveLength(1);
  });

  it("opens no second tab when it wants the same", async () => {
    const { site, person, firefox, acme } = at;
    await person.extension("1");
    const tabs = (await firefox.tabs()).length;
    await person.type(site.url("acme", "/ours"), "newTab");
    expect(await person.sees(site.url("acme", "/ours"))).toMatchObject({ userContextId: acme });
    await waitFor("one tab more", async () => (await firefox.tabs()).length === tabs + 1);
    expect(site.requests("acme", "/ours")).toHaveLength(1);
  });
});

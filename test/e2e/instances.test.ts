import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Firefox } from "../support/firefox.ts";
import { type LoginSite, startLoginSite } from "../support/loginSite.ts";
import { waitFor } from "../support/waitFor.ts";
import { containerOf, textIn, World } from "./support/world.ts";

describe("two Firefox profiles at once", () => {
  let world: World;
  let site: LoginSite;
  let one: Firefox;
  let two: Firefox;

  beforeAll(async () => {
    world = await World.make();
    site = await startLoginSite();
    await world.json("install", "--browser", "firefox");
    await world.json("project", "add", "acme");
    one = await world.firefox({ profile: join(world.home, "one") });
    await world.connected(1);
    two = await world.firefox({ profile: join(world.home, "two") });
    await world.connected(2);
  });

  afterAll(async () => {
    await world.end();
    await site.close();
  });

  it("have names of their own", async () => {
    expect((await world.connected(2)).map(({ instance }) => instance).sort()).toEqual(["firefox", "firefox-2"]);
  });

  it("switch where they are told to, and in the one focused last otherwise", async () => {
    expect(await world.json("switch", "acme", "--instance", "firefox")).toMatchObject({ instances: [{ instance: "firefox" }] });
    expect((await two.containers()).map(({ name }) => name)).not.toContain("acme");
    await world.json("switch", "acme", "--instance", "firefox-2");
    expect((await two.containers()).map(({ name }) => name)).toContain("acme");
    const unknown = await world.stead(["switch", "acme", "--instance", "firefox-9", "--json"]);
    expect(unknown.status).toBe(6);
    expect(JSON.parse(unknown.stdout)).toMatchObject({ error: { code: "unknownInstance" } });
  });

  it("share a login: what one logs in, the other has a moment later", async () => {
    await textIn(one, await containerOf(one, "acme"), site.loginUrl("ada"));
    await waitFor("ada in the other profile", async () => (await textIn(two, await containerOf(two, "acme"), site.url("/whoami"))) === "ada");
    await textIn(two, await containerOf(two, "acme"), site.url("/logout"));
    await waitFor("nobody in the first", async () => (await textIn(one, await containerOf(one, "acme"), site.url("/whoami"))) === "nobody");
  });

  it("come to rest: no change goes round between them", async () => {
    await textIn(one, await containerOf(one, "acme"), site.loginUrl("ada", ["persistent", "lax", "domain"]));
    const revision = async (): Promise<string> => JSON.stringify((await world.json("status"))["store"]);
    let last = "";
    await waitFor("the same revision twice, a second apart", async () => {
      const now = await revision();
      const same = now === last;
      last = now;
      if (!same) await new Promise((done) => setTimeout(done, 1000));
      return same;
    });
  });
});

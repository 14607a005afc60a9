import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Ran, temporaryDirectory, type World } from "./harness.ts";
import { real } from "./realHarness.ts";
import { shapes } from "./shapes.ts";

const canary = {
  value: "canary-value-0123456789",
  cookie: "canary_cookie_name",
  key: "canary_storage_key",
  path: "/canary/path",
  label: "canary-label",
  project: "CanaryProject",
  holder: "CanaryHolder",
  site: "canary-site.example",
};
const host = `${canary.label}.${canary.site}`;

function state(value: string): string {
  return JSON.stringify({
    cookies: [{ name: canary.cookie, value, domain: host, path: canary.path, expires: -1, httpOnly: true, secure: true, sameSite: "Lax" }],
    origins: [{ origin: `https://${host}`, localStorage: [{ name: canary.key, value }] }],
  });
}

const error = (ran: Ran): unknown => [ran.status, shapes.error.parse(ran.json).error.code];
const events = (ran: Ran): unknown[][] => shapes.audit.parse(ran.json).events.map(({ actor, action, project, domain, count }) => [actor, action, project, domain, count]);

/** One home for many runs of the command line, each with a world of its own. */
function commands(): { run: (world: World, ...args: string[]) => Promise<Ran>; folder: string; data: string } {
  const folder = temporaryDirectory();
  const home = join(folder, "home");
  return {
    folder, data: home,
    run: (world, ...args) => real({ ...world, env: { ...world.env, STEAD_HOME: home } }).run(...args),
  };
}

describe("stead audit", () => {
  it("tells a whole session, and neither it nor the store's files show what it was about", async () => {
    const { run, folder, data } = commands();
    const file = join(folder, "state.json");
    writeFileSync(file, state(canary.value));
    await run({}, "project", "add", canary.project);
    await run({}, "import", canary.project, file);
    await run({}, "export", canary.project, "--format", "playwright", "--out", join(folder, "out.json"));
    const { token } = shapes.checkout.parse((await run({}, "checkout", canary.project, "--holder", canary.holder, "--json")).json);
    await run({ env: { STEAD_TOKEN: token }, stdin: state(`${canary.value}-rotated`) }, "checkin", canary.project, "-");
    const [, before] = shapes.history.parse((await run({}, "history", canary.project, "--json")).json).revisions;
    await run({}, "restore", canary.project, "--to", String(before?.revision));

    const p = canary.project;
    const told = await run({}, "audit", "--json");
    expect(told).toMatchObject({ status: 0, stderr: "" });
    expect(events(told)).toEqual([
      ["import", "import", p, canary.site, 1], ["import", "import", p, canary.site, 1],
      ["cli", "export", p, canary.site, 1], ["cli", "export", p, canary.site, 1],
      [canary.holder, "checkout", p, canary.site, 1], [canary.holder, "checkout", p, canary.site, 1],
      [canary.holder, "checkin", p, canary.site, 1], [canary.holder, "checkin", p, canary.site, 1],
      ["restore", "restore", p, canary.site, 1], ["restore", "restore", p, canary.site, 1],
    ]);
    const outputs = [told, await run({}, "audit"), await run({}, "audit", "--project", p, "--since", "1h")].map(({ stdout, stderr }) => stdout + stderr);
    for (const secret of [canary.value, canary.cookie, canary.key, canary.path, canary.label, token.split(".")[1] ?? "", folder]) {
      for (const output of outputs) expect(output).not.toContain(secret);
    }

    await run({}, "forget", p, "--domain", host);
    const after = await run({}, "audit", "--json");
    expect(events(after)).toEqual([["forget", "forget", p, null, 2]]);
    await run({}, "project", "remove", p, "--yes");
    expect(events(await run({}, "audit", "--json"))).toEqual([["cli", "remove", p, null, 0]]);
    expect(after.stdout).not.toContain(canary.site);

    const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => readFileSync(join(one.parentPath, one.name)));
    const needles = Object.values(canary).flatMap((text) => [Buffer.from(text), Buffer.from(text, "utf16le"), Buffer.from(Buffer.from(text).toString("base64").slice(0, 12))]);
    expect(files.length).toBeGreaterThan(2);
    expect(needles.filter((needle) => files.some((bytes) => bytes.includes(needle)))).toEqual([]);
  });

  it("is a table at a terminal, the newest last", async () => {
    const { run } = commands();
    expect((await run({}, "audit")).stdout).toBe("Nothing was read or written.\n");
    await run({}, "project", "add", "acme");
    await run({ stdin: state("v") }, "import", "acme", "-");
    await run({}, "lock");
    await run({}, "unlock");
    expect((await run({}, "audit")).stdout).toMatch(
      /^AT +ACTOR +ACTION +PROJECT +DOMAIN +KIND +COUNT\n(20\S+Z +import +import +acme +canary-site.example +(cookie|local) +1\n){2}20\S+Z +cli +lock +0\n20\S+Z +cli +unlock +0\n$/,
    );
  });

  it("is of a project, since a time or for so long", async () => {
    const { run } = commands();
    for (const name of ["acme", "globex"]) {
      await run({}, "project", "add", name);
      await run({ stdin: state("v") }, "import", name, "-");
    }
    expect(events(await run({}, "audit", "--project", "globex", "--json"))).toHaveLength(2);
    expect(events(await run({}, "audit", "--since", "10m", "--json"))).toHaveLength(4);
    expect(events(await run({}, "audit", "--since", new Date(Date.now() - 60_000).toISOString(), "--json"))).toHaveLength(4);
    expect(events(await run({}, "audit", "--since", "2999-01-01", "--json"))).toEqual([]);
    expect(error(await run({}, "audit", "--project", "unknown", "--json"))).toEqual([1, "unknownProject"]);
  });

  it.each([[["--since", "yesterday"]], [["--since", "117"]], [["--max-size", "1GB"]], [["--max-age", "long"]], [["--max-age", "1d", "--project", "acme"]], [["--max-size", "1", "--since", "1d"]]])(
    "refuses %j",
    async (args) => {
      const { run } = commands();
      await run({}, "project", "add", "acme");
      expect(error(await run({}, "audit", ...args, "--json"))).toEqual([2, "usage"]);
    },
  );

  it("takes limits, and keeps to them", async () => {
    const { run } = commands();
    await run({}, "project", "add", "acme");
    await run({ stdin: state("v") }, "import", "acme", "-");
    expect((await run({}, "audit", "--max-age", "7d", "--max-size", "2", "--json")).json).toEqual({ limits: { maxAgeSeconds: 604_800, maxBytes: 2 * 1024 * 1024 } });
    expect((await run({}, "audit", "--max-age", "1d")).stdout).toBe("The audit keeps 1 day, up to 2 MiB.\n");
    await run({}, "export", "acme", "--format", "json");
    await run({}, "audit", "--max-size", "0");
    expect(events(await run({}, "audit", "--json")).map(([, action]) => action)).toEqual(["export", "export"]);
  });

  it("is refused while the vault is locked", async () => {
    const { run } = commands();
    await run({}, "lock");
    expect(error(await run({}, "audit", "--json"))).toEqual([4, "vaultLocked"]);
  });
});

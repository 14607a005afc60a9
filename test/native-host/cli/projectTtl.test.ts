import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { formatDuration } from "../../../native-host/cli/duration.ts";
import { homeFrom } from "../../../native-host/home.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import { cookie } from "../../support/cookies.ts";
import { fakeHost, type Harness, type World } from "./harness.ts";
import { real } from "./realHarness.ts";
import { shapes } from "./shapes.ts";

async function acme(world: World = {}): Promise<Harness> {
  const made = real(world);
  expect((await made.run("project", "add", "acme")).status).toBe(0);
  return made;
}

describe("stead project ttl", () => {
  it("sets, tells and takes away how long a project keeps what was not changed", async () => {
    const { run } = await acme();
    expect(shapes.ttl.parse((await run("project", "ttl", "acme", "--json")).json)).toEqual({ ttl: [] });
    expect((await run("project", "ttl", "acme")).stdout).toBe("acme keeps its items for as long as they are good.\n");
    const own = { project: "acme", domain: null, seconds: 604_800 };
    const bank = { project: "acme", domain: "bank.example", seconds: 5400 };
    expect((await run("project", "ttl", "acme", "7d", "--json")).json).toEqual({ ttl: [own], ended: 0 });
    expect((await run("project", "ttl", "acme", "90m", "--domain", ".Bank.example", "--json")).json).toEqual({ ttl: [own, bank], ended: 0 });
    expect((await run("project", "ttl", "acme", "--domain", "bank.example", "--json")).json).toEqual({ ttl: [bank] });
    expect((await run("project", "ttl", "acme")).stdout).toBe("KEPT             FOR\neverything else  7d\nbank.example     90m\n");
    expect((await run("project", "ttl", "acme", "none", "--json")).json).toEqual({ ttl: [bank], ended: 0 });
    expect((await run("project", "ttl", "acme", "none", "--domain", "bank.example", "--json")).json).toEqual({ ttl: [], ended: 0 });
  });

  it("ends what has outlived it at once, names nothing of it, and has every Firefox follow", async () => {
    const host = fakeHost({});
    const { home } = await acme();
    const env = { STEAD_HOME: join(home, "stead"), STEAD_KEYSTORE: "file" };
    const { run } = real({ hosts: [host], env });
    const store = await openStore({ home: homeFrom(env), env });
    onTestFinished(() => store.close());
    const project = store.registry().projects[0]?.id ?? "";
    const old = cookie({ name: "canary-ttl-name", value: "canary-ttl-value" });
    store.write(project, [{ kind: "set", cookie: old, at: Date.now() - 120_000 }, { kind: "set", cookie: cookie(), at: Date.now() }], { by: "cli" });
    const { status, stdout, stderr } = await run("project", "ttl", "acme", "1m");
    expect([status, stderr, stdout]).toEqual([0, "", "KEPT             FOR\neverything else  1m\n1 item had outlived that and ended.\n"]);
    expect(store.unaudited.items(project).map((item) => item.cookie)).toEqual([cookie()]);
    expect(host.calls.at(-1)).toEqual({ method: "poke", params: { revision: store.revision() } });
  });

  it.each([
    [["acme", "5"], "usage", 2],
    [["acme", "59s"], "usage", 2],
    [["acme", "3651d"], "usage", 2],
    [["acme", "soon"], "usage", 2],
    [["acme", "7d", "--domain", "not a host"], "usage", 2],
    [["acme", "7d", "--domain", "bank.example/path"], "usage", 2],
    [["nobody", "7d"], "unknownProject", 1],
  ])("refuses %j and changes nothing", async (args, code, status) => {
    const { run } = await acme();
    const ran = await run("project", "ttl", ...args, "--json");
    expect(ran.status).toBe(status);
    expect(shapes.error.parse(ran.json).error.code).toBe(code);
    expect((await run("project", "ttl", "acme", "--json")).json).toEqual({ ttl: [] });
  });
});

describe("a duration", () => {
  it.each([[60, "1m"], [90, "90s"], [5400, "90m"], [86_400, "1d"], [90_000, "25h"], [604_800, "7d"]])("of %i seconds is written %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

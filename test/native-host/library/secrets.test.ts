import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { SteadError } from "../../../shared/errors.ts";
import { cookieEntry, local } from "../../support/entries.ts";
import { acme, storage } from "./given.ts";

const canary = "cAnArY-5f1c";

/** Everything a program may print of something, by accident or for a log. */
function printed(thing: object): string {
  const options = [{}, { depth: null, showHidden: true, getters: true }, { depth: null, showHidden: true, customInspect: false }];
  return [...options.map((one) => inspect(thing, one)), inspect([{ thing }]), JSON.stringify(thing), JSON.stringify({ ...thing })].join("\n");
}

async function failure(work: () => Promise<unknown>): Promise<SteadError> {
  const error: unknown = await work().then(() => undefined, (reason: unknown) => reason);
  if (error instanceof SteadError) return error;
  throw new Error("It did not fail as it should.");
}

describe("what the library shows", () => {
  it("is nothing of a lease's token and state", async () => {
    const { stead } = await acme([cookieEntry({ value: canary }), local("token", canary)]);
    await using lease = await stead.checkout("acme", { holder: "tests" });
    expect(JSON.stringify(lease.state)).toContain(canary);
    const shown = printed(lease);
    for (const secret of [canary, lease.token, lease.token.split(".")[1] ?? ""]) expect(shown).not.toContain(secret);
    expect(inspect(lease, { breakLength: Infinity })).toBe(`Lease { project: 'acme', holder: 'tests', revision: ${lease.revision}, expiresAt: '${lease.expiresAt.toISOString()}' }`);
  });

  it("is a handle's home and name alone", async () => {
    const { stead, options } = await acme([local("token", canary)], { name: "tests" });
    await stead.state("acme");
    expect(inspect(stead)).toBe(`Stead { home: '${options.home.data}', name: 'tests' }`);
    expect(printed(stead)).not.toContain(canary);
  });

  it("is no value in an error, with its hint, cause and stack", async () => {
    const { stead, human } = await acme([local("token", "a")]);
    const { revision: base } = await stead.state("acme");
    const spoilt = storage({ token: canary });
    await using lease = await stead.checkout("acme");
    const call = (method: "update" | "import" | "switch" | "openUrl", ...given: unknown[]) => () => Promise.resolve(Reflect.apply(stead[method].bind(stead), undefined, given));
    const works = [
      call("update", "acme", spoilt, { base }),
      call("update", "acme", spoilt),
      call("update", "acme", [{ kind: "set", entry: { kind: "local", origin: canary, key: canary, value: canary } }], { base }),
      call("update", "acme", [{ kind: canary }], { base }),
      call("import", "acme", `{"cookies": "${canary}"}`),
      call("import", "acme", `{"cookies": [${canary}`),
      call("import", "acme", canary),
      call("import", "acme", { [canary]: 1n }),
      call("import", "acme", { toJSON: () => { throw new TypeError(canary); } }),
      call("openUrl", `javascript:${canary}`),
      call("openUrl", `https://app.example.com/?token=${canary}`),
      () => Promise.resolve(Reflect.apply(lease.checkin.bind(lease), undefined, [[{ kind: "set", entry: { kind: "cookie", value: canary } }]])),
      () => Promise.resolve(Reflect.apply(lease.checkin.bind(lease), undefined, [null])),
    ];
    for (const work of works) expect(printed(await failure(work))).not.toContain(canary);
    human(local("token", "b"));
    const { token } = lease;
    await lease.release();
    expect(printed(await failure(() => lease.checkin(spoilt)))).not.toContain(token);
  });
});

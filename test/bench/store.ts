import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { formats } from "../../shared/formats/index.ts";
import type { Cookie, CookieChange } from "../../shared/models.ts";
import type { RuleDraft } from "../../shared/rules/rule.ts";
import { inTurn, median, milliseconds, ratioLine, time } from "./sample.ts";

/** 100,000 cookies in one transaction, one changed rule with 10 and with 10,000, and the export of 1,000 cookies. */
export async function benchStore(): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), "stead-bench-"));
  const env = { STEAD_HOME: directory, STEAD_KEYSTORE: "file" };
  const store = await openStore({ home: homeFrom(env), env });
  try {
    const few = store.addProject({ name: "few" }).id;
    const thousand = store.addProject({ name: "thousand" }).id;
    const many = store.addProject({ name: "many" }).id;
    store.write(thousand, cookies(1000), { by: "bench" });
    const filling = await time(() => store.write(many, cookies(100_000), { by: "bench" }));

    let round = 0;
    store.changeRules({ put: rules(few, 10), remove: [] });
    const rulesFilling = await time(() => store.changeRules({ put: rules(many, 10_000), remove: [] }));
    const putOne = (project: string) => () => store.changeRules({ put: rules(project, 1, round++ % 4 < 2), remove: [] });
    const oneRule = await inTurn({ few: putOne(few), many: putOne(many) }, 300);
    const exports = await inTurn(
      Object.fromEntries(
        (["playwright", "netscape", "json"] as const).map((name) => [
          name,
          () => {
            const stored = store.unaudited.items(thousand).flatMap((item) => item.cookie ?? []);
            return formats[name].write({ cookies: stored, origins: [] }, { now: Date.now(), project: "thousand" });
          },
        ]),
      ),
      20,
    );
    return [
      `100,000 cookies written in one transaction: ${milliseconds(filling)}`,
      ratioLine("1 changed rule in a project of 10,000 against one of 10 (p50)", median(oneRule.many), median(oneRule.few), "flat"),
      `10,000 rules put in one transaction: ${milliseconds(rulesFilling)}`,
      ...Object.entries(exports).map(([name, samples]) => `export of 1,000 cookies as ${name}, read, opened and written (p50): ${milliseconds(median(samples))}`),
    ];
  } finally {
    store.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function cookies(count: number): CookieChange[] {
  return Array.from({ length: count }, (_, index) => set(cookie(index, "v".repeat(120))));
}

function rules(project: string, count: number, ask = false): RuleDraft[] {
  return Array.from({ length: count }, (_, index) => ({ project, pattern: `*.host-${index}.example/path`, ask }));
}

function set(one: Cookie): CookieChange {
  return { kind: "set", cookie: one, at: Date.now() };
}

function cookie(index: number, value: string): Cookie {
  return {
    name: `name-${index}`,
    value,
    domain: `host-${index % 500}.example`,
    path: "/",
    secure: true,
    httpOnly: true,
    sameSite: "lax",
    expires: Date.now() / 1000 + 86_400,
  };
}

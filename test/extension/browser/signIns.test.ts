import { beforeEach, describe, expect, it, vi } from "vitest";
import { newLocalState, withContainer } from "../../../extension/core/localState.ts";
import type { PageRequest } from "../../../extension/core/routing/pageRequest.ts";
import { buildRules, type RuleIndex } from "../../../shared/rules/ruleIndex.ts";
import { SignIns } from "../../../extension/browser/signIns.ts";
import { acme, begun, beta, callbackAddress, minute, requestOf } from "../core/signIn/support.ts";

/** Firefox's part: what the session remembers, and the tabs. */
const firefox = vi.hoisted(() => ({ session: new Map<string, unknown>(), opener: undefined as number | undefined, looked: 0 }));

vi.mock("../../../extension/browser/webext.ts", () => ({
  webext: {
    storage: {
      session: {
        get: (key: string) => Promise.resolve(firefox.session.has(key) ? { [key]: structuredClone(firefox.session.get(key)) } : {}),
        set: (values: Record<string, unknown>) => {
          for (const [key, value] of Object.entries(values)) firefox.session.set(key, structuredClone(value));
          return Promise.resolve();
        },
      },
    },
    tabs: {
      get: (id: number) => {
        firefox.looked++;
        return Promise.resolve({ id, openerTabId: firefox.opener });
      },
    },
  },
}));

const container = (cookieStoreId: string) => ({ cookieStoreId, name: "", color: "blue", icon: "circle", adopted: false });
const containers = withContainer(withContainer(newLocalState(""), acme, container("firefox-container-1")), beta, container("firefox-container-2"));
const inAcme = { tab: 1, cookieStoreId: "firefox-container-1", project: acme, originUrl: "http://localhost:3000/" };
const inBeta = { tab: 2, cookieStoreId: "firefox-container-2", project: beta, originUrl: "http://localhost:3000/" };
const secret = "canary-state-0123456789";

let index: RuleIndex;
let state = containers;

/** The event page, just woken. */
function wake(): SignIns {
  const local = { ready: Promise.resolve(), get state() { return state; } };
  return new SignIns(local as unknown as ConstructorParameters<typeof SignIns>[0], { ready: Promise.resolve(), index });
}

async function awake(): Promise<SignIns> {
  const signIns = wake();
  await signIns.ready;
  return signIns;
}

function leave(value = secret, change: Partial<PageRequest> = inAcme, redirect = callbackAddress): PageRequest {
  return requestOf(`https://id.example/authorize?client_id=c&redirect_uri=${encodeURIComponent(redirect)}&state=${value}&code_challenge=canary-pkce&nonce=canary-nonce`, { requestId: "1", at: begun, ...change });
}

function answer(value = secret, change: Partial<PageRequest> = {}): PageRequest {
  return requestOf(`${callbackAddress}?code=canary-code&state=${value}`, change);
}

describe("SignIns", () => {
  beforeEach(() => {
    firefox.session.clear();
    firefox.opener = undefined;
    firefox.looked = 0;
    index = buildRules([]);
    state = containers;
  });

  it("answers ordinary pages at once", async () => {
    const signIns = await awake();
    await signIns.judge(leave());
    for (const url of ["https://example.com/", "http://localhost:3000/?state=CA", "https://tenant.auth0.com/u/login?state=x", "http://localhost:4000/?code=x&state=y"]) {
      expect(signIns.judge(requestOf(url))).toEqual({ kind: "none" });
    }
    expect(firefox.looked).toBe(0);
  });

  it("keeps the outbound request where it is, and brings its answer home once", async () => {
    const signIns = await awake();
    expect(await signIns.judge(leave())).toEqual({ kind: "stay" });
    expect(await signIns.judge(answer(secret, { requestId: "2" }))).toEqual({ kind: "move", project: acme });
    expect(await signIns.judge(answer(secret, { requestId: "3", ...inAcme }))).toEqual({ kind: "stay" });
    expect(await signIns.judge(answer(secret, { requestId: "4" }))).toMatchObject({ kind: "page", content: { kind: "signInUsed" } });
  });

  it("keeps two projects at one provider and one address apart", async () => {
    const signIns = await awake();
    await Promise.all([signIns.judge(leave("state-of-acme")), signIns.judge(leave("state-of-beta", { ...inBeta, requestId: "2" }))]);
    expect(await signIns.judge(answer("state-of-beta", { requestId: "3" }))).toEqual({ kind: "move", project: beta });
    expect(await signIns.judge(answer("state-of-acme", { requestId: "4" }))).toEqual({ kind: "move", project: acme });
  });

  it("lets one of two requests with one state through, when they come at once", async () => {
    const signIns = await awake();
    await signIns.judge(leave());
    const verdicts = await Promise.all([signIns.judge(answer(secret, { requestId: "2", tab: 8 })), signIns.judge(answer(secret, { requestId: "3" }))]);
    expect(verdicts.map(({ kind }) => kind).sort()).toEqual(["move", "page"]);
  });

  it("gives a second event of one request the first one's answer", async () => {
    const signIns = await awake();
    await signIns.judge(leave());
    const first = signIns.judge(answer(secret, { requestId: "2" }));
    expect(await signIns.judge(answer(secret, { requestId: "2" }))).toEqual({ kind: "move", project: acme });
    expect(await first).toEqual({ kind: "move", project: acme });
    expect(await signIns.judge(answer(secret, { requestId: "2" }))).toEqual({ kind: "move", project: acme });
  });

  it("has noted the one use before the answer is given", async () => {
    const signIns = await awake();
    await signIns.judge(leave());
    await signIns.judge(answer(secret, { requestId: "2" }));
    expect(await wake().judge(answer(secret, { requestId: "3" }))).toMatchObject({ kind: "page", content: { kind: "signInUsed" } });
  });

  it("remembers a flow over the event page's sleep", async () => {
    await (await awake()).judge(leave());
    expect(await wake().judge(answer())).toEqual({ kind: "move", project: acme });
    expect(await wake().judge(requestOf("https://id.example/password", { ...inAcme, originUrl: "https://id.example/" }))).toEqual({ kind: "none" });
  });

  it("remembers which pages are a flow's own over the event page's sleep", async () => {
    await (await awake()).judge(leave());
    expect(await wake().judge(requestOf("https://id.example/password", { ...inAcme, originUrl: "https://id.example/" }))).toEqual({ kind: "stay" });
  });

  it("forgets flows it cannot read, and goes on", async () => {
    firefox.session.set("signIns", { salt: 1, records: "?" });
    const signIns = wake();
    expect(await signIns.judge(answer())).toEqual({ kind: "none" });
    await signIns.judge(leave());
    expect(await signIns.judge(answer(secret, { requestId: "2" }))).toEqual({ kind: "move", project: acme });
  });

  it("never moves into a container that carries the project no more", async () => {
    const signIns = await awake();
    await signIns.judge(leave());
    state = withContainer(state, acme, container("firefox-container-9"));
    expect(await signIns.judge(answer())).toEqual({ kind: "none" });
  });

  it("records no flow outside of projects", async () => {
    const signIns = await awake();
    expect(signIns.judge(leave(secret, { cookieStoreId: "firefox-default", project: undefined }))).toEqual({ kind: "none" });
    expect(signIns.judge(answer())).toEqual({ kind: "none" });
  });

  it("records a flow that begins with an address from a terminal, in the container it was opened in", async () => {
    const signIns = await awake();
    await signIns.judge(leave(secret, { ...inAcme, originUrl: undefined }, "http://127.0.0.1:45117/callback"));
    expect(await signIns.judge(requestOf(`http://127.0.0.1:45117/callback?code=x&state=${secret}`))).toEqual({ kind: "move", project: acme });
  });

  it("leaves a native program's answer alone", async () => {
    const signIns = await awake();
    await signIns.judge(leave());
    expect(signIns.judge(requestOf("http://127.0.0.1:45117/callback?code=x&state=its-own-state"))).toEqual({ kind: "none" });
  });

  it("records flows that lead to a page of a rule, and no other site's", async () => {
    index = buildRules([{ id: acme, project: acme, pattern: "app.acme.test", ask: false }]);
    const signIns = await awake();
    expect(signIns.judge(leave(secret, inAcme, "https://elsewhere.test/cb"))).toEqual({ kind: "none" });
    expect(await signIns.judge(leave(secret, inAcme, "https://app.acme.test/cb"))).toEqual({ kind: "stay" });
  });

  it("looks for the tab's opener before it moves", async () => {
    const signIns = await awake();
    await signIns.judge(leave());
    firefox.opener = 1;
    expect(await signIns.judge(answer(secret, { requestId: "2" }))).toMatchObject({ kind: "notice" });
    firefox.opener = undefined;
    expect(await signIns.judge(answer(secret, { requestId: "3" }))).toEqual({ kind: "move", project: acme });
  });

  it("keeps a provider's page that looks like an answer with its flow", async () => {
    const signIns = await awake();
    await signIns.judge(leave());
    const broker = requestOf("https://id.example/login/callback?code=x&state=its-own-state", { ...inAcme, originUrl: "https://upstream.test/" });
    expect(await signIns.judge(broker)).toEqual({ kind: "stay" });
  });

  it("lets a late answer go its own way", async () => {
    const signIns = await awake();
    await signIns.judge(leave());
    expect(await signIns.judge(answer(secret, { at: begun + 11 * minute }))).toEqual({ kind: "none" });
  });

  it("writes no state, code, token, nonce or challenge anywhere", async () => {
    const signIns = await awake();
    await signIns.judge(leave());
    await signIns.judge(answer());
    await signIns.judge(answer("canary-forged"));
    const written = JSON.stringify([...firefox.session]);
    expect(written).toContain(acme);
    expect(written).not.toContain("canary");
  });

  it("salts its hashes anew in every session", async () => {
    const hashes = new Set<string>();
    while (hashes.size < 2 && !hashes.has("")) {
      firefox.session.clear();
      await (await awake()).judge(leave());
      hashes.add(/"state":"([0-9a-f]{64})"/.exec(JSON.stringify([...firefox.session]))?.[1] ?? "");
    }
    expect(hashes.size).toBe(2);
    expect(hashes).not.toContain("");
  });
});

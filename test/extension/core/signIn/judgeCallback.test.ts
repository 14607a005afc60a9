import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CallbackCase, judgeCallback } from "../../../../extension/core/signIn/judgeCallback.ts";
import { readCallback } from "../../../../extension/core/signIn/signInCallback.ts";
import type { SignInRecord } from "../../../../extension/core/signIn/signInRecord.ts";
import { acme, begun, beta, callbackAddress as cb, minute, recordOf, requestOf } from "./support.ts";

const answer = `${cb}?code=the-code&state=the-state&extra=%7e+kept`;
const inAcme = { cookieStoreId: "firefox-container-1", project: acme };
const inBeta = { cookieStoreId: "firefox-container-2", project: beta };

interface Setting {
  records?: readonly SignInRecord[];
  url?: string;
  request?: Parameters<typeof requestOf>[1];
  state?: string | undefined;
  hasOpener?: boolean;
  isShared?: boolean;
}

function caseOf({ records = [recordOf()], url = answer, request = {}, state = "hash", hasOpener = false, isShared = false }: Setting): CallbackCase {
  const asked = requestOf(url, request);
  const callback = readCallback(asked);
  if (callback === undefined) throw new Error("The test's address is no callback.");
  return { request: asked, callback, state: callback.state === undefined ? undefined : state, records, hasOpener, isShared };
}

/** The verdict in short, and whether the record's one use is noted. */
function outcome(setting: Setting): string {
  const { verdict, use } = judgeCallback(caseOf(setting));
  const noted = use === undefined ? "" : ", used";
  switch (verdict.kind) {
    case "none":
    case "stay":
      return `${verdict.kind}${noted}`;
    case "move":
      return `move to ${verdict.project === acme ? "acme" : "beta"}${noted}`;
    case "page":
      return `page ${verdict.content.kind}${noted}`;
    case "notice":
      return `notice ${verdict.notice.kind}${noted}`;
  }
}

const weak = recordOf({ state: null });
const pushed = recordOf({ state: null, redirect: null });

describe("judgeCallback", () => {
  it.each<[string, Setting, string]>([
    ["known, same container", { request: inAcme }, "stay, used"],
    ["known, same container, opened by another tab", { request: inAcme, hasOpener: true }, "stay, used"],
    ["known, same container, reloaded", { request: inAcme, records: [recordOf({ used: begun })] }, "stay"],
    ["known, same container, at another address", { request: inAcme, url: "http://localhost:3000/other?code=x&state=the-state" }, "none"],
    ["known, same container, at another flow's address", { request: inAcme, url: "http://localhost:4000/cb?code=x&state=the-state", records: [recordOf(), recordOf({ state: "other", redirect: "http://localhost:4000/cb" })] }, "stay"],
    ["known, same container, from another issuer", { request: inAcme, url: `${answer}&iss=https://evil.test` }, "stay, used"],
    ["known, other container", {}, "move to acme, used"],
    ["known, another project's container", { request: inBeta }, "move to acme, used"],
    ["known, other container, with the issuer", { url: `${answer}&iss=https%3A%2F%2Fid.example%2Ftenant` }, "move to acme, used"],
    ["known, other container, by POST", { url: cb, request: { method: "POST", formData: { code: ["x"], state: ["the-state"] } } }, "move to acme, used"],
    ["known, other container, in the fragment", { url: `${cb}#id_token=x&state=the-state` }, "move to acme, used"],
    ["known, other container, refused", { url: `${cb}?error=access_denied&state=the-state` }, "move to acme, used"],
    ["known, other container, at the last moment", { request: { at: begun + 10 * minute } }, "move to acme, used"],
    ["known, used before", { records: [recordOf({ used: begun })] }, "page signInUsed"],
    ["known, used before, by POST", { records: [recordOf({ used: begun })], url: cb, request: { method: "POST", formData: { code: ["x"], state: ["the-state"] } } }, "page signInUsed"],
    ["known, used long before", { records: [recordOf({ used: begun })], request: { at: begun + 11 * minute } }, "none"],
    ["known, other redirect", { url: "http://localhost:4000/cb?code=x&state=the-state", records: [recordOf(), recordOf({ state: "other", redirect: "http://localhost:4000/cb" })] }, "page signInMismatch"],
    ["known, at an address that is no flow's", { url: `${cb}/more?code=x&state=the-state` }, "none"],
    ["known, other path", { url: `${cb}/more?code=x&state=the-state`, records: [recordOf(), recordOf({ state: "other", redirect: `${cb}/more` })] }, "page signInMismatch"],
    ["known, other issuer", { url: `${answer}&iss=https://evil.test` }, "page signInMismatch"],
    ["known, another name of the issuer's owner", { url: `${answer}&iss=https://tenant.id.example` }, "page choose"],
    ["unknown state", { state: "forged" }, "none"],
    ["unknown state, an address that projects share", { state: "forged", isShared: true }, "stay"],
    ["unknown state, by POST", { state: "forged", url: cb, request: { method: "POST", formData: { code: ["x"], state: ["y"] } } }, "stay"],
    ["late", { request: { at: begun + 10 * minute + 1 } }, "none"],
    ["later than it is waited for", { request: { at: begun + 16 * minute } }, "none"],
    ["late, but same container", { request: { ...inAcme, at: begun + 12 * minute } }, "stay, used"],
    ["no state", { url: `${cb}?code=x` }, "none"],
    ["no state, an address that projects share", { url: `${cb}?code=x`, isShared: true }, "none"],
    ["no state, a form with a field named code", { url: cb, request: { method: "POST", formData: { code: ["123456"] } } }, "none"],
    ["no state, one weak record", { url: `${cb}?code=x`, records: [weak] }, "page choose"],
    ["no state, one weak record, same container", { url: `${cb}?code=x`, records: [weak], request: inAcme }, "stay, used"],
    ["no state, one weak record, by POST", { url: cb, records: [weak], request: { method: "POST", formData: { code: ["x"] } } }, "notice postLeft"],
    ["no state, one weak record, opened by another tab", { url: `${cb}?code=x`, records: [weak], hasOpener: true }, "none"],
    ["no state, a weak record of two minutes ago", { url: `${cb}?code=x`, records: [weak], request: { at: begun + 2 * minute } }, "none"],
    ["no state, two weak records", { url: `${cb}?code=x`, records: [weak, recordOf({ state: null, project: beta, container: "firefox-container-2" })] }, "none"],
    ["no state, a weak record of another address", { url: `${cb}?code=x`, records: [recordOf({ state: null, redirect: "http://localhost:4000/cb" })] }, "none"],
    ["a state, one weak record that had none", { records: [weak], state: "hash" }, "none"],
    ["a state, one pushed request from this site", { records: [pushed] }, "page choose"],
    ["no state, one pushed request from this site", { url: `${cb}?code=x`, records: [pushed] }, "page choose"],
    ["a state, one pushed request from another site", { records: [recordOf({ state: null, redirect: null, page: "http://localhost:4000" })] }, "none"],
    ["a state, one pushed request from nowhere", { records: [recordOf({ state: null, redirect: null, page: null })] }, "none"],
    ["opened by another tab", { hasOpener: true }, "notice popupLeft"],
    ["a state under eight characters", { records: [recordOf({ short: true })] }, "page choose"],
    ["a state seen in two containers", { records: [recordOf(), recordOf({ project: beta, container: "firefox-container-2" })] }, "page choose"],
    ["a state seen in two containers, used in one", { records: [recordOf({ used: begun }), recordOf({ project: beta, container: "firefox-container-2" })] }, "page choose"],
    ["a state seen in two containers, arriving in one", { records: [recordOf(), recordOf({ project: beta, container: "firefox-container-2" })], request: inBeta }, "stay, used"],
    ["what to ask came by POST", { records: [recordOf({ short: true })], url: cb, request: { method: "POST", formData: { code: ["x"], state: ["s"] } } }, "notice postLeft"],
  ])("%s", (_, setting, expected) => {
    expect(outcome(setting)).toBe(expected);
  });

  it("names both projects when a callback does not fit", () => {
    const { verdict } = judgeCallback(caseOf({ url: `${answer}&iss=https://evil.test`, request: inBeta }));
    expect(verdict).toEqual({ kind: "page", content: { kind: "signInMismatch", host: "localhost:3000", project: acme, here: beta } });
  });

  it("offers both projects of a state seen in two containers, with the address byte for byte", () => {
    const { verdict } = judgeCallback(caseOf({ records: [recordOf(), recordOf({ project: beta, container: "firefox-container-2" })] }));
    expect(verdict).toEqual({ kind: "page", content: { kind: "choose", url: answer, why: "signIn", projects: [acme, beta], pattern: null } });
  });

  it("says nothing of code or state but in the address that is to be opened", () => {
    const secret = fc.stringMatching(/^canary[a-z]{8,12}$/);
    fc.assert(fc.property(secret, secret, fc.boolean(), fc.boolean(), fc.nat(20), (code, state, used, opener, minutes) => {
      const { verdict } = judgeCallback(caseOf({
        url: `${cb}?code=${code}&state=${state}&iss=https://evil.test/${code}`,
        records: [recordOf({ used: used ? begun : null })],
        hasOpener: opener,
        request: { at: begun + minutes * minute },
      }));
      expect(JSON.stringify(verdict)).not.toContain("canary");
    }));
  });

  it("moves a callback only into the container of an unused record of its state, address and time, and notes that use", () => {
    const record = fc.record({
      state: fc.constantFrom("hash", "other", null),
      short: fc.boolean(),
      project: fc.constantFrom(acme, beta),
      container: fc.constantFrom("firefox-container-1", "firefox-container-2"),
      redirect: fc.constantFrom(cb, "http://localhost:4000/cb", null),
      at: fc.integer({ min: begun - 20 * minute, max: begun }),
      used: fc.option(fc.integer({ min: begun - 20 * minute, max: begun })),
    }).map(recordOf);
    const setting = fc.record({
      records: fc.array(record, { maxLength: 6 }),
      hasOpener: fc.boolean(),
      isShared: fc.boolean(),
      cookieStoreId: fc.constantFrom("firefox-default", "firefox-container-1"),
    });
    fc.assert(fc.property(setting, ({ cookieStoreId, ...rest }) => {
      const { verdict, use } = judgeCallback(caseOf({ ...rest, request: { cookieStoreId, at: begun } }));
      if (verdict.kind !== "move") return;
      expect(use).toMatchObject({ state: "hash", redirect: cb, used: null, project: verdict.project, short: false });
      expect(begun - (use?.at ?? 0)).toBeLessThanOrEqual(10 * minute);
      expect(use?.container).not.toBe(cookieStoreId);
      expect(rest.hasOpener).toBe(false);
    }), { numRuns: 2000 });
  });
});

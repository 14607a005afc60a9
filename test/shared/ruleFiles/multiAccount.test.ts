import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRules } from "../../../shared/ruleFiles/index.ts";
import { readSite } from "../../../shared/ruleFiles/multiAccountSite.ts";

describe("a site of Multi-Account Containers", () => {
  it.each([
    ["example.com", "example.com"],
    ["example.com8080", "example.com:8080"],
    ["example.co.uk3000", "example.co.uk:3000"],
    ["localhost", "localhost"],
    ["localhost3000", "localhost:3000"],
    ["app.localhost5173", "app.localhost:5173"],
    ["app.test8443", "app.test:8443"],
    ["nas2", "nas2"],
    ["server01", "server01"],
    ["web2024.example.com", "web2024.example.com"],
    ["xn--bcher-kva.example3000", "xn--bcher-kva.example:3000"],
    ["10.0.0.1", "10.0.0.1"],
    ["192.168.100.2003000", "192.168.100.200:3000"],
    ["10.0.0.255", "10.0.0.255"],
    ["[::1]", "[::1]"],
    ["[::1]3000", "[::1]:3000"],
  ])("%s is %s", (text, pattern) => {
    expect(readSite(text)).toEqual({ kind: "pattern", pattern });
  });

  it.each([
    ["10.0.0.118080", ["10.0.0.1:18080", "10.0.0.11:8080"]],
    ["intranet8080", ["intranet8080", "intranet:8080"]],
  ])("%s may be several", (text, readings) => {
    expect(readSite(text)).toEqual({ kind: "ambiguous", readings });
  });

  it("is refused where it is none", () => {
    expect(readSite("10.0.0.999999999")).toEqual({ kind: "refused" });
  });

  it("is never taken for another host and port than the one that was visited", () => {
    const host = fc.oneof(
      fc.constantFrom("example.com", "a.example.co.uk", "localhost", "app.localhost", "dev.test", "box.local", "[::1]", "xn--bcher-kva.example", "x1.example.org"),
      fc.ipV4(),
    );
    const port = fc.oneof(fc.constant(""), fc.integer({ min: 1024, max: 65_535 }).map(String));
    fc.assert(
      fc.property(host, port, (name, number) => {
        const visited = number === "" ? name : `${name}:${number}`;
        const site = readSite(name + number);
        expect(site.kind === "pattern" ? [site.pattern] : site.kind === "ambiguous" ? site.readings : []).toContain(visited);
      }),
      { numRuns: 1000 },
    );
  });
});

const uuid = "11111111-2222-4333-8444-555555555555";

describe("the storage of Multi-Account Containers", () => {
  it("is read from the sync area, by the containers' ids there and not by their numbers", () => {
    const storage = {
      [`identity@@_${uuid}`]: { name: "Work", color: "cyan", icon: "briefcase", cookieStoreId: "firefox-container-2", macAddonUUID: uuid },
      "siteContainerMap@@_app.acme.test": { userContextId: "7", neverAsk: true, identityMacAddonUUID: uuid, hostname: "app.acme.test" },
      deletedSiteList: ["siteContainerMap@@_gone.test"],
      "MACinstance:x": { timestamp: 1, identities: [uuid], siteAssignments: [] },
    };
    expect(readRules(JSON.stringify(storage))).toEqual({
      format: "multi-account-containers",
      rules: [{ project: "Work", pattern: "app.acme.test", ask: false }],
      containers: [{ name: "Work", color: "turquoise", icon: "briefcase" }],
      strict: [], skipped: [], notes: [],
    });
  });

  it("is read from the local area, whose containers have no names", () => {
    const storage = { "siteContainerMap@@_a.test": { userContextId: "7", neverAsk: true }, "siteContainerMap@@_b.test": { userContextId: 7, neverAsk: true } };
    expect(readRules(JSON.stringify(storage))).toMatchObject({
      rules: [{ project: "Container 7", pattern: "a.test" }, { project: "Container 7", pattern: "b.test" }],
      notes: [{ reason: expect.stringContaining("Container 7") as string, count: 2 }],
    });
  });

  it("opens without a question what it would still ask about, and says so", () => {
    const read = readRules(JSON.stringify({ "siteContainerMap@@_a.test": { userContextId: "1", neverAsk: false } }));
    expect(read.rules).toMatchObject([{ ask: false }]);
    expect(read.notes).toContainEqual({ reason: expect.stringContaining("without a question") as string, count: 1 });
  });

  it("names what Stead has no place for", () => {
    const storage = {
      "siteContainerMap@@_a.test": { userContextId: "1", neverAsk: true },
      [`identity@@_${uuid}`]: { name: "Work", cookieStoreId: "firefox-container-1" },
      "identitiesState@@_firefox-container-1": { hiddenTabs: [{}, {}], isIsolated: "locked" },
      "identitiesState@@_firefox-default": { hiddenTabs: [], isIsolated: "locked" },
      proxifiedContainersKey: [{ cookieStoreId: "firefox-container-1", proxy: { host: "cAnArY" } }],
    };
    const read = readRules(JSON.stringify(storage));
    expect(read.strict).toEqual(["Work"]);
    expect(read.notes).toEqual([
      { reason: expect.stringContaining("hidden tabs") as string, count: 2 },
      { reason: expect.stringContaining("proxies") as string, count: 1 },
    ]);
    expect(JSON.stringify(read)).not.toContain("cAnArY");
  });

  it.each([
    ["an ambiguous site", "10.0.0.118080", { userContextId: "1" }, "10.0.0.1:18080 and 10.0.0.11:8080"],
    ["a site that is none", "exa mple", { userContextId: "1" }, "Expected a host"],
    ["a site without a container", "a.test", {}, "names no container"],
    ["a site of the default container", "a.test", { userContextId: "0" }, "names no container"],
    ["a value of another kind", "a.test", "x", "names no container"],
  ])("names %s with its line", (_what, site, value, reason) => {
    const text = `{\n"other": 1,\n${JSON.stringify(`siteContainerMap@@_${site}`)}: ${JSON.stringify(value)}\n}`;
    expect(readRules(text).skipped).toEqual([{ line: 3, reason: expect.stringContaining(reason) as string }]);
  });
});

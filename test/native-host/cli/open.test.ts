import { describe, expect, it } from "vitest";
import { SteadError } from "../../../shared/errors.ts";
import { acme, fakeHost, fakeStore, harness } from "./harness.ts";
import { real } from "./realHarness.ts";
import { shapes } from "./shapes.ts";

describe("stead open", () => {
  it("opens where the rules say, with neither store nor keychain", async () => {
    const host = fakeHost({ instance: "work" }, { open: () => ({ project: "acme" }) });
    const ran = await harness({ hosts: [host] }).run("open", "localhost:3000/x?state=1", "--json");
    expect(shapes.open.parse(ran.json)).toEqual({ project: "acme", instance: "work" });
    expect(host.calls).toEqual([{ method: "open", params: { url: "http://localhost:3000/x?state=1", project: null, prefix: false } }]);
  });

  it("opens in the project that is named, by a prefix at a terminal, in the profile that is named", async () => {
    const hosts = [fakeHost({ instance: "one", focusedAt: 9 }), fakeHost({ instance: "two" }, { open: () => ({ project: null }) })];
    const ran = await harness({ hosts, terminal: true }).run("open", "https://a.test/?code=cAnArY", "--project", "ac", "--instance", "two");
    expect(ran).toMatchObject({ status: 0, stdout: "Opened in no project, in two.\n", stderr: "" });
    expect(hosts.map(({ calls }) => calls)).toEqual([[], [{ method: "open", params: { url: "https://a.test/?code=cAnArY", project: "ac", prefix: true } }]]);
  });

  it.each<[string, string[], string, number]>([
    ["no Firefox", ["open", "a.test"], "noFirefox", 6],
    ["no such Firefox", ["open", "a.test", "--instance", "x"], "unknownInstance", 6],
    ["no address", ["open", "mailto:x@a.test"], "badUrl", 2],
    ["a link into a certain Firefox", ["open", "a.test", "--link", "--project", "acme", "--instance", "x"], "usage", 2],
  ])("refuses with %s", async (_what, args, code, status) => {
    const ran = await harness().run(...args, "--json");
    expect(ran.status).toBe(status);
    expect(shapes.error.parse(ran.json).error.code).toBe(code);
  });

  it("passes on what Firefox refuses", async () => {
    const host = fakeHost({}, { open: () => { throw new SteadError("unknownProject", "There is no such project."); } });
    expect(await harness({ hosts: [host] }).run("open", "a.test", "--project", "x")).toMatchObject({ status: 1, stdout: "" });
  });

  it("signs a link without any Firefox", async () => {
    const { run } = real();
    await run("project", "add", "acme");
    const { stdout, status } = await run("open", "app.acme.test/?a=1&b=2", "--project", "acme", "--link");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ext\+stead:open\?project=acme&url=https%3A%2F%2Fapp\.acme\.test%2F%3Fa%3D1%26b%3D2&mac=[\w-]{43}\n$/);
    expect((await run("open", "app.acme.test/?a=1&b=2", "--project", "acme", "--link", "--json")).json).toEqual({ link: stdout.trim(), project: "acme" });
  });

  it("signs for no project that is not there", async () => {
    expect(await harness({ store: fakeStore([acme]) }).run("open", "a.test", "--project", "nobody", "--link")).toMatchObject({ status: 1, stdout: "" });
  });
});

import { describe, expect, it } from "vitest";
import { openStore } from "../../../native-host/store/openStore.ts";
import { parseLink } from "../../../shared/link.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const url = "https://app.example.com/pay?a=1&b=%20#c";
const unsigned = { url, project: null, signed: false };

describe("a signed link", () => {
  it("is read as the address and project it was made for, and shows the name", async () => {
    const store = await storeIn(storeHome());
    const { id } = store.addProject({ name: "Äcme & Söhne" });
    const link = store.signLink(id, url);
    expect(parseLink(link)).toMatchObject({ url, project: "Äcme & Söhne" });
    expect(store.readLink(link)).toEqual({ url, project: id, signed: true });
  });

  it("is the same every time, and good in a later process and after the project's keys changed", async () => {
    const options = storeHome();
    const first = await openStore(options, { sealLimit: 1 });
    const { id } = first.addProject({ name: "Acme" });
    const link = first.signLink(id, url);
    for (const name of ["a", "b", "c"]) first.updateProject(id, { name });
    expect(first.signLink(id, url).slice(-43)).toBe(link.slice(-43));
    first.close();
    expect((await storeIn(options)).readLink(link)).toEqual({ url, project: id, signed: true });
  });

  it("is for the project it was made for, whoever has its name by now", async () => {
    const store = await storeIn(storeHome());
    const { id } = store.addProject({ name: "Acme" });
    const link = store.signLink(id, url);
    store.updateProject(id, { name: "Old" });
    store.addProject({ name: "Acme" });
    expect(store.readLink(link)).toEqual({ url, project: id, signed: true });
    store.removeProject(id, { by: "cli" });
    expect(store.readLink(link)).toEqual(unsigned);
  });

  it.each<[string, (link: string) => string]>([
    ["no mac", (link) => link.replace(/&mac=.*/, "")],
    ["an empty mac", (link) => link.replace(/mac=.*/, "mac=")],
    ["a mac cut short", (link) => link.slice(0, -1)],
    ["a mac with more behind it", (link) => `${link}A`],
    ["a mac in another spelling of the same bytes", (link) => `${link}%3D`],
    ["another letter at the mac's beginning", (link) => link.replace(/mac=(.)/, (_all, letter) => `mac=${letter === "A" ? "B" : "A"}`)],
    ["another letter at the mac's end", (link) => link.slice(0, -1) + (link.endsWith("A") ? "B" : "A")],
  ])("with %s is unsigned, and names nothing", async (_what, change) => {
    const store = await storeIn(storeHome());
    const link = store.signLink(store.addProject({ name: "Acme" }).id, url);
    expect(store.readLink(change(link))).toEqual(unsigned);
  });

  it("with another address is unsigned", async () => {
    const store = await storeIn(storeHome());
    const link = store.signLink(store.addProject({ name: "Acme" }).id, url);
    expect(store.readLink(link.replace("app.example.com", "evil.example"))).toMatchObject({ signed: false, project: null });
  });

  it("with the mac of another project is for that project, whatever it says", async () => {
    const store = await storeIn(storeHome());
    const [one, other] = [store.addProject({ name: "Acme" }).id, store.addProject({ name: "Other" }).id];
    expect(store.readLink(store.signLink(one, url).replace("project=Acme", "project=Other"))).toMatchObject({ project: one });
    expect(store.readLink(store.signLink(other, url).replace("project=Other&", ""))).toMatchObject({ project: other });
  });

  it("of another store is unsigned, though the project is the same", async () => {
    const [mine, theirs] = [await storeIn(storeHome()), await storeIn(storeHome())];
    const { id } = mine.addProject({ name: "Acme" });
    theirs.addProject({ id, name: "Acme" });
    expect(mine.readLink(theirs.signLink(id, url))).toEqual(unsigned);
  });

  it("is made of the address as browsers write it", async () => {
    const store = await storeIn(storeHome());
    const { id } = store.addProject({ name: "Acme" });
    expect(store.readLink(store.signLink(id, " HTTPS://Exämple.test:443 "))).toEqual({ url: "https://xn--exmple-cua.test/", project: id, signed: true });
  });

  it("is made for http and https addresses of known projects alone", async () => {
    const store = await storeIn(storeHome());
    const { id } = store.addProject({ name: "Acme" });
    for (const bad of ["", "app.example.com", "javascript:alert(1)", "file:///etc/passwd", "ext+stead:open?url=https%3A%2F%2Fa.test"]) {
      expect(await errorCode(() => store.signLink(id, bad))).toBe("badUrl");
    }
    expect(await errorCode(() => store.signLink("00000000-0000-0000-0000-000000000000", url))).toBe("unknownProject");
    expect(await errorCode(() => store.readLink("ext+stead:open"))).toBe("badLink");
  });
});

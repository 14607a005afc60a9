import Sqlite from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectHosts } from "../../../native-host/host/connectHosts.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import { setAutoLock, unlockVault } from "../../../native-host/vault/control.ts";
import { cookieId } from "../../../shared/cookie.ts";
import type { Mark } from "../../../shared/protocol/store.ts";
import { cookie } from "../../support/cookies.ts";
import { type FakeExtension, type HostHome, instanceInfo, makeHome, startHost } from "./fakeExtension.ts";

const patience = { timeout: 60_000 };

async function homeOfTest(): Promise<HostHome> {
  const place = await makeHome();
  onTestFinished(() => place.remove());
  return place;
}

/** A host whose Firefox has said who it is. */
async function connected(place: HostHome): Promise<FakeExtension> {
  const host = startHost(place.env);
  onTestFinished(async () => {
    await host.end();
  });
  await host.connect();
  return host;
}

/** As a command tells every host that the vault's lock was set, locked or unlocked. */
async function tell(place: HostHome): Promise<void> {
  for (const link of await connectHosts(place.home)) {
    await link.peer.call("vault.changed", {});
    link.close();
  }
}

/** As if the vault had not been used for so long. */
function age(place: HostHome, milliseconds: number): void {
  const db = new Sqlite(place.home.store);
  db.prepare("UPDATE meta SET used = used - ?").run(milliseconds);
  db.close();
}

describe("a host whose vault locks itself", () => {
  it("tells Firefox by itself, refuses its changes, and loses none of them when it is unlocked", patience, async () => {
    const place = await homeOfTest();
    const options = { home: place.home, env: place.env };
    const host = await connected(place);
    const { id: project } = (await host.peer.call("project.add", { name: "acme" })).project;
    const before = cookie({ name: "before" });
    await host.peer.call("state.delta", { instance: instanceInfo.id, project, changes: [{ kind: "set", cookie: before, at: 1 }] });
    await setAutoLock(options, 60_000);
    age(place, 58_500);
    await tell(place);
    // A second and a half later, by its own timer: nobody asks it anything.
    await host.called("vault.changed", ({ state }) => state === "locked");

    const changes = [{ kind: "set" as const, cookie: cookie({ name: "meanwhile" }), at: 2 }];
    await expect(host.peer.call("state.delta", { instance: instanceInfo.id, project, changes })).rejects.toMatchObject({ code: "vaultLocked" });
    await expect(openStore(options)).rejects.toMatchObject({ code: "vaultLocked" });

    // What the extension does then: it keeps the identities, and has the container compared after the unlock.
    const marks: Mark[] = [
      { id: cookieId(cookie({ name: "meanwhile" })), at: 2, removed: false },
      { id: cookieId(before), at: 3, removed: true },
    ];
    await unlockVault(options);
    await tell(place);
    await host.called("state.resync");
    const answer = await host.peer.call("state.reconcile", { instance: instanceInfo.id, project, cookies: [cookie({ name: "meanwhile" })], marks, now: 4 });
    expect(answer).toMatchObject({ set: [], remove: [] });
    const store = await openStore(options);
    onTestFinished(() => store.close());
    expect(store.unaudited.items(project).map((item) => item.id.name)).toEqual(["meanwhile"]);
  });

  it("counts a switch and another window as a use, and no change of a page", patience, async () => {
    const place = await homeOfTest();
    const options = { home: place.home, env: place.env };
    const host = await connected(place);
    const { id: project } = (await host.peer.call("project.add", { name: "acme" })).project;
    await setAutoLock(options, 3_600_000);
    const used = (): number => {
      const db = new Sqlite(place.home.store, { readonly: true });
      const at = db.prepare<[], number>("SELECT used FROM meta").pluck().get() ?? 0;
      db.close();
      return at;
    };
    age(place, 1_800_000);
    const aged = used();
    await host.peer.call("state.delta", { instance: instanceInfo.id, project, changes: [{ kind: "set", cookie: cookie(), at: 1 }] });
    // What a page of the extension says that Firefox has woken.
    await host.peer.call("instance.changed", { focusedAt: instanceInfo.focusedAt, current: instanceInfo.current });
    await host.peer.call("registry", {});
    expect(used()).toBe(aged);
    await host.peer.call("instance.changed", { focusedAt: 2, current: null });
    await expect.poll(used, { timeout: 20_000 }).toBeGreaterThan(aged + 1_700_000);
    age(place, 1_800_000);
    await host.peer.call("active.set", { project, at: 5 });
    await expect.poll(used, { timeout: 20_000 }).toBeGreaterThan(aged + 1_700_000);
  });
});

describe("a host whose project keeps its items for a time only", () => {
  it("has Firefox remove what has outlived it by itself", patience, async () => {
    const place = await homeOfTest();
    const host = await connected(place);
    const { id: project } = (await host.peer.call("project.add", { name: "acme" })).project;
    const store = await openStore({ home: place.home, env: place.env });
    onTestFinished(() => store.close());
    const { revision } = store.setTtl(project, { domain: null, seconds: 60 });
    // Changed a while ago: there is a second and a half left.
    const changes = [{ kind: "set" as const, cookie: cookie(), at: Date.now() - 58_500 }];
    await host.peer.call("state.delta", { instance: instanceInfo.id, project, changes });
    const [link] = await connectHosts(place.home);
    await link?.peer.call("poke", { revision });
    link?.close();
    expect(await host.called("state.apply", ({ remove }) => remove.length > 0)).toMatchObject({ project, set: [], remove: [cookieId(cookie())] });
    expect(store.unaudited.items(project)).toEqual([]);
    expect(store.unaudited.items(project, { tombstones: true })).toMatchObject([{ by: "ttl" }]);
  });
});

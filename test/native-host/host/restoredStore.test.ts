import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { makeBackup } from "../../../native-host/backup/makeBackup.ts";
import { restoreBackup } from "../../../native-host/backup/restoreBackup.ts";
import { connectHosts } from "../../../native-host/host/connectHosts.ts";
import type { HostLink } from "../../../native-host/host/link.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import { cookie } from "../../support/cookies.ts";
import { instanceInfo, makeHome, startHost } from "./fakeExtension.ts";

const passphrase = (): Promise<string> => Promise.resolve("correct horse battery");

it.each<[how: string, tell: (host: HostLink, revision: number) => Promise<unknown>]>([
  ["when it is told", ({ peer }) => peer.call("vault.changed", {})],
  // Whoever restored it was killed before it could tell.
  ["at the next poke", ({ peer }, revision) => peer.call("poke", { revision })],
])("a host has its Firefox compare everything with a restored store %s", async (_how, tell) => {
  const place = await makeHome();
  onTestFinished(() => place.remove());
  const { home, env } = place;
  const file = join(home.data, "stead.backup");
  const before = await openStore({ home, env });
  const { id } = before.addProject({ name: "acme" });
  await makeBackup({ home, env, file, force: false, passphrase });
  before.addProject({ name: "later" });
  before.close();

  const host = startHost(env);
  onTestFinished(async () => {
    await host.end();
  });
  await host.connect();
  await host.peer.call("state.delta", { instance: instanceInfo.id, project: id, changes: [{ kind: "set", cookie: cookie(), at: 1 }] });
  const [link] = await connectHosts(home);
  if (!link) throw new Error("No host answers.");
  onTestFinished(() => link.close());

  await restoreBackup({ home, env, file, force: true, passphrase, vaultPassphrase: passphrase });
  const store = await openStore({ home, env });
  onTestFinished(() => store.close());
  await tell(link, store.revision());
  const { projects } = await host.called("registry.changed", ({ rules }) => rules?.store === store.id);
  expect(projects.map(({ name }) => name)).toEqual(["acme"]);
  await host.called("state.resync");

  // As the extension does then: what its container has, and a project that it knows and the store does not.
  const { set } = await host.peer.call("state.reconcile", { instance: instanceInfo.id, project: id, cookies: [cookie()], marks: [], now: 5 });
  expect([set, store.unaudited.items(id).map((item) => item.cookie)]).toEqual([[], [cookie()]]);
  expect(store.meetInstance(instanceInfo.id, "Firefox").name).toBe("firefox");
  await host.peer.call("project.add", { id: crypto.randomUUID(), name: "later" });
  expect(store.registry().projects.map(({ name }) => name)).toEqual(["acme", "later"]);
}, 60_000);

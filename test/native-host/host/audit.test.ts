import { expect, it, onTestFinished } from "vitest";
import { openStore } from "../../../native-host/store/openStore.ts";
import { cookie } from "../../support/cookies.ts";
import { instanceInfo, makeHome, startHost } from "./fakeExtension.ts";

it("what each of two Firefoxes changes, is given and removes is audited under its own name", async () => {
  const place = await makeHome();
  onTestFinished(() => place.remove());
  const [one, two] = [startHost(place.env), startHost(place.env)];
  onTestFinished(async () => {
    await one.end();
    await two.end();
  });
  const second = "22222222-2222-4222-8222-222222222222";
  await one.connect({ instance: instanceInfo });
  await two.connect({ instance: { ...instanceInfo, id: second } });
  const { id } = (await one.peer.call("project.add", { name: "acme" })).project;
  await one.peer.call("state.delta", { instance: instanceInfo.id, project: id, changes: [{ kind: "set", cookie: cookie(), at: 1 }] });
  await two.called("state.apply", ({ set }) => set.length === 1);

  const store = await openStore({ home: place.home, env: place.env });
  onTestFinished(() => store.close());
  const told = (): unknown[][] => store.audit().events.map(({ actor, action, project, domain, count }) => [actor, action, project, domain, count]);
  expect(told()).toEqual([["firefox", "write", "acme", "example.com", 1], ["firefox-2", "deliver", "acme", "example.com", 1]]);
  await two.peer.call("project.remove", { id });
  expect(told()).toEqual([["firefox-2", "remove", "acme", null, 1]]);
});

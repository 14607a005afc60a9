import { afterEach, beforeEach, expect, it } from "vitest";
import { type HostHome, makeHome, startHost } from "../native-host/host/fakeExtension.ts";
let place: HostHome;
beforeEach(async () => { place = await makeHome(); });
afterEach(() => place.remove());
it("smoke", async () => {
  const t0 = performance.now();
  const ext = startHost(place.env);
  const hello = await ext.peer.ready;
  const t1 = performance.now();
  const answer = await ext.connect();
  console.log(hello, answer, t1 - t0, performance.now() - t1);
  console.log(await ext.peer.call("project.add", { name: "acme" }));
  const t = performance.now();
  console.log(await ext.end(), performance.now() - t, ext.stderr());
  expect(1).toBe(1);
});

import * as fc from "fast-check";
import { expect, it, vi } from "vitest";
import { SteadError } from "../../../shared/errors.ts";
import { PageEntryId } from "../../../shared/state/pageEntry.ts";
import { origin } from "../../support/entries.ts";
import { local, type OpenPage, originWorld, set } from "./support/originWorld.ts";

vi.mock("../../../extension/browser/webext.ts", () => ({
  webext: { storage: { local: { get: () => Promise.resolve({}), set: () => Promise.resolve() } } },
}));

const key = fc.constantFrom("a", "a", "a", "b");
const value = fc.constantFrom("1", "1", "2");
const tab = fc.integer({ min: 1, max: 2 });

/** What may happen to an origin, mostly what a page does, in any order; `rests`: only when all that was begun has ended. */
const event = fc.record({
  what: fc.oneof(
    { weight: 12, arbitrary: fc.record({ kind: fc.constant("write" as const), tab, key, value }) },
    { weight: 10, arbitrary: fc.record({ kind: fc.constant("remove" as const), tab, key }) },
    { weight: 12, arbitrary: fc.record({ kind: fc.constant("look" as const), tab }) },
    { weight: 12, arbitrary: fc.record({ kind: fc.constant("load" as const), tab }) },
    fc.record({ kind: fc.constant("others write" as const), key, value }),
    fc.record({ kind: fc.constant("others remove" as const), key }),
    fc.constant({ kind: "told of it" as const }),
    fc.constant({ kind: "host goes" as const }),
    fc.constant({ kind: "host comes" as const }),
    fc.constant({ kind: "store refuses" as const }),
    fc.constant({ kind: "container goes" as const }),
  ),
  rests: fc.boolean(),
});

const idOf = (of: string): PageEntryId => PageEntryId.parse({ kind: "local", origin, key: of });

it("brings a container and the store to the same, whatever happened on the way", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 40, size: "max" }), async (events) => {
      const world = await originWorld();
      const pages = new Map<number, OpenPage>();
      const begun: Promise<unknown>[] = [];
      const begin = (work: Promise<unknown>): void => void begun.push(work.catch(() => undefined));
      const tell = (one: OpenPage): void => {
        const changes = one.page.look(Date.now());
        if (changes.length > 0) world.sync.changed(one.document, { changes, gaps: [] });
      };
      const load = (of: number): void => {
        pages.get(of)?.close();
        const opened = world.open({ tab: of });
        pages.set(of, opened);
        begin(world.sync.opened(opened.document, true).catch(() => undefined).then(() => world.sync.reported(opened.document, opened.page.report())));
      };
      load(1);
      for (const { what, rests } of events) {
        switch (what.kind) {
          case "write":
            pages.get(what.tab)?.page.set(local(what.key, what.value));
            break;
          case "remove":
            pages.get(what.tab)?.page.remove(idOf(what.key));
            break;
          case "look": {
            const one = pages.get(what.tab);
            if (one) tell(one);
            break;
          }
          case "load":
            load(what.tab);
            break;
          case "others write":
            world.others(set(local(what.key, what.value)));
            break;
          case "others remove":
            world.others({ kind: "remove", id: idOf(what.key), at: Date.now() });
            break;
          case "told of it":
            if (world.live) begin(world.sync.update());
            break;
          case "host goes":
            world.live = false;
            break;
          case "host comes":
            world.live = true;
            begin(world.sync.connected());
            break;
          case "store refuses":
            world.before.set("storage.delta", () => {
              world.before.clear();
              throw new SteadError("busy", "Not now.");
            });
            break;
          case "container goes":
            for (const one of pages.values()) one.close();
            pages.clear();
            world.container.shared.clear();
            world.local.forgetPages(world.project);
            world.sync.forget();
            world.store.resetOrigins({ instance: "one", project: world.project });
        }
        if (rests) await Promise.all(begun.splice(0)).then(() => world.settled());
      }
      await Promise.all(begun.splice(0));
      await world.settled();
      world.before.clear();
      if (!world.live) {
        world.live = true;
        begin(world.sync.connected());
      }
      load(1);
      await Promise.all(begun.splice(0));
      await world.settled();
      for (const one of pages.values()) tell(one);
      await world.settled();
      await world.sync.update();
      const stored = Object.fromEntries(Object.entries(world.stored()).filter(([, content]) => content !== undefined));
      expect(world.shown()).toEqual(stored);
      expect(world.isPending()).toBe(false);
      expect(world.local.pageMarks(world.project, origin)).toEqual([]);
      world.store.close();
    }),
    { numRuns: 100 },
  );
});

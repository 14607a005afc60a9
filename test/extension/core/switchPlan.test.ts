import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Snapshot, switchPlan, type TabView, type WindowView } from "../../../extension/core/switchPlan.ts";

const acme = "acme";
const beta = "beta";

function window(id: number, more: Partial<WindowView> = {}): WindowView {
  return { id, focused: id === 1, bound: null, focusedAt: 100 - id, ...more };
}

function tab(id: number, project: string | undefined, more: Partial<TabView> = {}): TabView {
  return { id, windowId: 1, project, active: false, pinned: false, hidden: false, lastAccessed: id, ...more };
}

describe("switchPlan", () => {
  it("shows the project's tabs, hides the others' and focuses the tab last used there", () => {
    const plan = switchPlan(
      {
        windows: [window(1)],
        tabs: [
          tab(1, beta, { active: true }),
          tab(2, beta),
          tab(3, acme, { hidden: true, lastAccessed: 50 }),
          tab(4, acme, { hidden: true, lastAccessed: 40 }),
          tab(5, undefined),
        ],
      },
      acme,
      undefined,
    );
    expect(plan).toEqual({ window: 1, bind: undefined, activate: [3], open: false, show: [3, 4], hide: [1, 2] });
  });

  it("opens a tab when the project has none, and hides the tab that was in front", () => {
    const plan = switchPlan({ windows: [window(1)], tabs: [tab(1, beta, { active: true })] }, acme, undefined);
    expect(plan).toMatchObject({ window: 1, open: true, activate: [], hide: [1] });
  });

  it("leaves tabs without a project as they are", () => {
    const plan = switchPlan(
      { windows: [window(1)], tabs: [tab(1, undefined, { active: true }), tab(2, undefined, { hidden: true }), tab(3, acme)] },
      acme,
      undefined,
    );
    expect(plan).toMatchObject({ activate: [3], show: [], hide: [] });
  });

  it("leaves a tab of the project in front alone", () => {
    const plan = switchPlan({ windows: [window(1)], tabs: [tab(1, acme, { active: true }), tab(2, acme)] }, acme, undefined);
    expect(plan).toMatchObject({ activate: [], open: false, show: [], hide: [] });
  });

  it("never hides a pinned tab", () => {
    const plan = switchPlan(
      { windows: [window(1)], tabs: [tab(1, beta, { pinned: true }), tab(2, acme, { active: true })] },
      acme,
      undefined,
    );
    expect(plan.hide).toEqual([]);
  });

  it("goes to the window where the project was last used when the focused one has no tab of it", () => {
    const plan = switchPlan(
      {
        windows: [window(1), window(2)],
        tabs: [tab(1, undefined, { active: true }), tab(2, undefined, { windowId: 2, active: true }), tab(3, acme, { windowId: 2 })],
      },
      acme,
      undefined,
    );
    expect(plan).toMatchObject({ window: 2, activate: [3], open: false });
  });

  it("gives another window's front to a tab that may stay, so that the foreign one can be hidden", () => {
    const plan = switchPlan(
      {
        windows: [window(1), window(2)],
        tabs: [
          tab(1, acme, { active: true }),
          tab(2, beta, { windowId: 2, active: true }),
          tab(3, undefined, { windowId: 2 }),
        ],
      },
      acme,
      undefined,
    );
    expect(plan).toMatchObject({ window: 1, activate: [3], hide: [2] });
  });

  it("leaves the front tab of another window visible when it has nothing else to show", () => {
    const plan = switchPlan(
      { windows: [window(1), window(2)], tabs: [tab(1, acme, { active: true }), tab(2, beta, { windowId: 2, active: true })] },
      acme,
      undefined,
    );
    expect(plan).toMatchObject({ activate: [], hide: [] });
  });

  it("binds the focused window and touches no other", () => {
    const plan = switchPlan(
      {
        windows: [window(1), window(2)],
        tabs: [tab(1, beta, { active: true }), tab(2, acme, { hidden: true }), tab(3, beta, { windowId: 2 }), tab(4, acme, { windowId: 2, hidden: true })],
      },
      acme,
      "bind",
    );
    expect(plan).toEqual({ window: 1, bind: { window: 1, project: acme }, activate: [2], open: false, show: [2], hide: [1] });
  });

  it("goes to the window bound to the project and leaves everything else", () => {
    const plan = switchPlan(
      {
        windows: [window(1), window(2, { bound: acme })],
        tabs: [tab(1, beta, { active: true }), tab(2, acme, { windowId: 2, active: true })],
      },
      acme,
      undefined,
    );
    expect(plan).toEqual({ window: 2, bind: undefined, activate: [], open: false, show: [], hide: [] });
  });

  it("leaves a bound window to its project and switches in the others", () => {
    const plan = switchPlan(
      {
        windows: [window(1, { bound: beta }), window(2)],
        tabs: [tab(1, beta, { active: true }), tab(2, undefined, { windowId: 2, active: true })],
      },
      acme,
      undefined,
    );
    expect(plan).toMatchObject({ window: 2, open: true, hide: [] });
  });

  it("asks for a new window when every window is bound to another project", () => {
    const plan = switchPlan({ windows: [window(1, { bound: beta })], tabs: [tab(1, beta, { active: true })] }, acme, undefined);
    expect(plan).toMatchObject({ window: null, open: true, hide: [] });
  });

  it("unties the focused window first when told to", () => {
    const plan = switchPlan(
      { windows: [window(1, { bound: beta })], tabs: [tab(1, beta, { active: true }), tab(2, acme, { hidden: true })] },
      acme,
      "unbind",
    );
    expect(plan).toMatchObject({ window: 1, bind: { window: 1, project: null }, activate: [2], show: [2], hide: [1] });
  });

  const snapshots: fc.Arbitrary<Snapshot> = fc
    .tuple(fc.array(fc.constantFrom(null, acme, beta), { minLength: 1, maxLength: 4 }), fc.nat(3))
    .chain(([bounds, focused]) => {
      const windows = bounds.map((bound, index) => window(index + 1, { bound, focused: index === focused }));
      return fc
        .array(
          fc.record({
            windowId: fc.integer({ min: 1, max: windows.length }),
            project: fc.constantFrom(undefined, acme, beta, "gamma"),
            pinned: fc.boolean(),
            hidden: fc.boolean(),
            lastAccessed: fc.nat(50),
          }),
          { maxLength: 12 },
        )
        .map((drawn) => {
          const fronts = new Set<number>();
          const tabs = drawn.map((one, index): TabView => {
            const active = !one.hidden && !fronts.has(one.windowId);
            if (active) fronts.add(one.windowId);
            return { ...one, id: index + 1, active, hidden: one.hidden && !one.pinned };
          });
          return { windows, tabs };
        });
    });

  it("never hides what Firefox cannot hide, nor a tab of the project, nor one without a project", () => {
    fc.assert(
      fc.property(snapshots, fc.constantFrom("bind", "unbind", undefined), (snapshot, mode) => {
        const plan = switchPlan(snapshot, acme, mode);
        const byId = new Map(snapshot.tabs.map((one) => [one.id, one]));
        for (const id of plan.hide) {
          const hidden = byId.get(id);
          expect(hidden?.pinned).toBe(false);
          expect([undefined, acme]).not.toContain(hidden?.project);
          expect(plan.activate).not.toContain(id);
          const front = snapshot.tabs.find((one) => one.active && one.windowId === hidden?.windowId);
          const replaced = plan.activate.some((other) => byId.get(other)?.windowId === hidden?.windowId) || (plan.open && plan.window === hidden?.windowId);
          if (front?.id === id) expect(replaced).toBe(true);
        }
      }),
    );
  });

  it("is settled after one step: a second switch to the same project shows and hides nothing", () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const plan = switchPlan(snapshot, acme, undefined);
        fc.pre(plan.window !== null);
        const after = apply(snapshot, plan);
        const again = switchPlan(after, acme, undefined);
        expect({ show: again.show, hide: again.hide, open: again.open, activate: again.activate }).toEqual({ show: [], hide: [], open: false, activate: [] });
      }),
    );
  });
});

function apply(snapshot: Snapshot, plan: ReturnType<typeof switchPlan>): Snapshot {
  const opened: TabView[] = plan.open && plan.window !== null ? [tab(99, acme, { windowId: plan.window, lastAccessed: 1000 })] : [];
  const fronts = new Map([...snapshot.tabs, ...opened].filter((one) => plan.activate.includes(one.id) || one.id === 99).map((one) => [one.windowId, one.id]));
  const tabs = [...snapshot.tabs, ...opened].map((one) => ({
    ...one,
    hidden: plan.hide.includes(one.id) || (one.hidden && !plan.show.includes(one.id) && !plan.activate.includes(one.id)),
    active: fronts.has(one.windowId) ? fronts.get(one.windowId) === one.id : one.active,
    lastAccessed: fronts.get(one.windowId) === one.id ? 1000 : one.lastAccessed,
  }));
  return { windows: snapshot.windows.map((one) => ({ ...one, focused: one.id === plan.window })), tabs };
}

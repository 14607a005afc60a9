import { describe, expect, it } from "vitest";
import { followContainers } from "../../../extension/core/followContainers.ts";
import { type Container, type LocalState, newLocalState, projectOf, withActive, withoutProject, withPatch } from "../../../extension/core/localState.ts";
import { mergeRegistry, withProjectId } from "../../../extension/core/mergeRegistry.ts";
import { type Identity, resolveContainer } from "../../../extension/core/resolveContainer.ts";
import { retryDelay } from "../../../extension/core/retryDelay.ts";
import { type Step, stepProject } from "../../../extension/core/stepProject.ts";
import type { Project } from "../../../shared/models.ts";
import type { Registry } from "../../../shared/protocol/store.ts";

const acme: Project = { id: "00000000-0000-4000-8000-00000000000a", name: "acme", color: "blue", icon: "circle" };
const beta: Project = { id: "00000000-0000-4000-8000-00000000000b", name: "beta", color: "red", icon: "tree" };
const identity: Identity = { cookieStoreId: "firefox-container-6", name: "acme", color: "blue", icon: "circle" };
const container: Container = { ...identity, adopted: false };

function state(more: Partial<LocalState> = {}): LocalState {
  return { ...newLocalState("i"), projects: [acme, beta], containers: { [acme.id]: container }, ...more };
}

function registry(projects: Project[], removed: string[] = []): Registry {
  return {
    projects: projects.map((project) => ({ ...project, items: 0, rules: 0 })),
    active: null,
    vault: { state: "unlocked", source: "file" },
    removed,
  };
}

describe("resolveContainer", () => {
  it("uses the container the project has", () => {
    expect(resolveContainer(acme, { [acme.id]: container }, [identity], undefined)).toEqual({ kind: "use", cookieStoreId: "firefox-container-6" });
  });
  it("makes one when Firefox has lost it", () => {
    expect(resolveContainer(acme, { [acme.id]: container }, [], undefined)).toEqual({ kind: "create" });
  });
  it.each([
    [undefined, "ask"],
    [true, "adopt"],
    [false, "create"],
  ] as const)("with adopt %s meets a container of the same name with %s", (adopt, kind) => {
    expect(resolveContainer(acme, {}, [identity], adopt).kind).toBe(kind);
  });
  it("never takes a container that carries another project", () => {
    expect(resolveContainer(acme, { [beta.id]: container }, [identity], true)).toEqual({ kind: "create" });
  });
});

describe("followContainers", () => {
  it("says nothing when all is as it was", () => {
    expect(followContainers(state(), [identity], false)).toEqual([]);
  });
  it("takes Firefox's new names of colours for the old ones", () => {
    const turquoise = { ...container, color: "turquoise" };
    expect(followContainers(state({ containers: { [acme.id]: turquoise } }), [{ ...identity, color: "cyan" }], false)).toEqual([]);
  });
  it("follows a name, a colour and an icon", () => {
    expect(followContainers(state(), [{ ...identity, name: "Acme Ltd" }], false)).toMatchObject([{ kind: "changed", patch: { name: "Acme Ltd" } }]);
    expect(followContainers(state(), [{ ...identity, color: "cyan" }], false)).toMatchObject([{ kind: "changed", patch: { color: "turquoise" } }]);
    expect(followContainers(state(), [{ ...identity, icon: "pet" }], false)).toMatchObject([{ kind: "changed", patch: { icon: "pet" } }]);
  });
  it("keeps the project's colour when Firefox has one Stead does not know", () => {
    expect(followContainers(state(), [{ ...identity, color: "violet" }], false)).toMatchObject([{ kind: "changed", patch: {} }]);
  });
  it("takes a container that shares nothing with the known one for another", () => {
    expect(followContainers(state(), [{ ...identity, name: "x", color: "red", icon: "pet" }], false)).toEqual([{ kind: "lost", project: acme.id }]);
  });
  it("gives the container its look back when Firefox has just started: a crash took the change back", () => {
    expect(followContainers(state(), [{ ...identity, name: "before" }], true)).toEqual([{ kind: "rolledBack", project: acme.id }]);
  });
  it("takes the container of the very same look when the known one is gone", () => {
    expect(followContainers(state(), [{ ...identity, cookieStoreId: "firefox-container-4" }], true)).toEqual([
      { kind: "moved", project: acme.id, container: { ...container, cookieStoreId: "firefox-container-4" } },
    ]);
  });
  it("does not take the container of another project for it", () => {
    const both = { [acme.id]: { ...container, cookieStoreId: "gone" }, [beta.id]: container };
    expect(followContainers(state({ containers: both }), [identity], true)).toEqual([{ kind: "lost", project: acme.id }]);
  });
  it("notices a container that is gone", () => {
    expect(followContainers(state(), [], false)).toEqual([{ kind: "lost", project: acme.id }]);
  });
});

describe("mergeRegistry", () => {
  it("takes the store's order, names and colours", () => {
    const renamed = { ...acme, name: "Acme Ltd" };
    expect(mergeRegistry(state(), registry([beta, renamed])).state.projects).toEqual([beta, renamed]);
  });
  it("keeps what was changed while no host was there", () => {
    const changed = withPatch(state(), acme.id, { color: "pink" }, false);
    expect(mergeRegistry(changed, registry([acme, beta])).state.projects[0]).toEqual({ ...acme, color: "pink" });
  });
  it("removes nothing because it is absent: the store may be another one", () => {
    const merged = mergeRegistry(state(), registry([]));
    expect(merged.removed).toEqual([]);
    expect(merged.unknown).toEqual([acme, beta]);
    expect(merged.state.containers).toEqual({ [acme.id]: container });
  });
  it("removes what was removed on purpose", () => {
    const merged = mergeRegistry(state({ active: acme.id, recent: [acme.id] }), registry([beta], [acme.id]));
    expect(merged.removed).toEqual([acme.id]);
    expect(merged.unknown).toEqual([]);
    expect(merged.state).toMatchObject({ projects: [beta], containers: {}, active: null, recent: [] });
  });
  it("does not hear again of what it does not know", () => {
    expect(mergeRegistry(state(), registry([acme, beta], ["00000000-0000-4000-8000-00000000000c"])).removed).toEqual([]);
  });
});

describe("withProjectId", () => {
  it("moves the container to the store's id of the same project", () => {
    const moved = withProjectId(state({ active: acme.id, recent: [acme.id] }), acme.id, "store-id");
    expect(moved.containers).toEqual({ "store-id": container });
    expect(moved).toMatchObject({ active: "store-id", recent: ["store-id"], projects: [beta] });
  });
});

describe("stepProject", () => {
  const here = withActive(withActive(state(), beta.id), acme.id);
  it.each<[Step, string | null, string | undefined]>([
    [{ kind: "next" }, acme.id, beta.id],
    [{ kind: "next" }, beta.id, acme.id],
    [{ kind: "previous" }, acme.id, beta.id],
    [{ kind: "next" }, null, acme.id],
    [{ kind: "previous" }, null, beta.id],
    [{ kind: "last" }, acme.id, beta.id],
    [{ kind: "number", number: 2 }, acme.id, beta.id],
    [{ kind: "number", number: 9 }, acme.id, undefined],
  ])("goes %o from %s to %s", (step, current, expected) => {
    expect(stepProject(here, current, step)).toBe(expected);
  });
  it("goes nowhere without projects", () => {
    expect(stepProject(newLocalState("i"), null, { kind: "next" })).toBeUndefined();
  });
});

describe("the local state", () => {
  it("knows the project of a container and of no other", () => {
    expect(projectOf(state(), "firefox-container-6")).toBe(acme.id);
    expect(projectOf(state(), "firefox-default")).toBeUndefined();
    expect(projectOf(state(), undefined)).toBeUndefined();
  });
  it("forgets a project whole", () => {
    const full = withPatch(withActive(state(), acme.id), acme.id, { name: "x" }, false);
    expect(withoutProject(full, acme.id)).toEqual(state({ projects: [beta], containers: {} }));
  });
});

describe("retryDelay", () => {
  it("doubles from half a second to a minute and is shortened by up to a half", () => {
    expect([1, 2, 3, 8, 50].map((failures) => retryDelay(failures, 0))).toEqual([500, 1000, 2000, 60_000, 60_000]);
    expect(retryDelay(2, 0.999)).toBeGreaterThanOrEqual(500);
  });
});

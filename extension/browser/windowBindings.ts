import { ProjectId } from "../../shared/models.ts";
import type { WindowView } from "../core/switchPlan.ts";
import { webext } from "./webext.ts";

const key = "project";

/** Which windows are bound to a project. The binding is kept by Firefox with the window and survives a restart. */
export class WindowBindings {
  readonly #bound = new Map<number, ProjectId | null>();
  readonly #focusedAt = new Map<number, number>();
  /** The normal window that has, or last had, the focus. */
  focused: number | undefined;

  /** windows.onFocusChanged; `at` in milliseconds since 1970. */
  focusChanged(window: number, at: number): void {
    if (window === webext.windows.WINDOW_ID_NONE) return;
    this.focused = window;
    this.#focusedAt.set(window, at);
  }

  closed(window: number): void {
    this.#bound.delete(window);
    this.#focusedAt.delete(window);
    if (this.focused === window) this.focused = undefined;
  }

  /** The project a window is bound to, read from Firefox once per window. */
  async of(window: number): Promise<ProjectId | null> {
    const known = this.#bound.get(window);
    if (known !== undefined) return known;
    const stored = ProjectId.safeParse(await webext.sessions.getWindowValue(window, key));
    const bound = stored.success ? stored.data : null;
    this.#bound.set(window, bound);
    return bound;
  }

  async bind(window: number, project: ProjectId | null): Promise<void> {
    this.#bound.set(window, project);
    if (project === null) await webext.sessions.removeWindowValue(window, key);
    else await webext.sessions.setWindowValue(window, key, project);
  }

  /** Unties every window of a project that was removed. */
  async forget(project: ProjectId): Promise<void> {
    const windows = await webext.windows.getAll({ windowTypes: ["normal"] });
    await Promise.all(
      windows.map(async ({ id }) => {
        if (id !== undefined && (await this.of(id)) === project) await this.bind(id, null);
      }),
    );
  }

  /** While another program has the focus no window is focused: the last one that was stands for it. */
  async view(windows: readonly browser.windows.Window[]): Promise<WindowView[]> {
    const focused = windows.find((window) => window.focused)?.id ?? (await this.current());
    return Promise.all(windows.flatMap(({ id }) => (id === undefined ? [] : this.#view(id, id === focused))));
  }

  /** The focused window, asked of Firefox when no focus event has come since the page woke. */
  async current(): Promise<number | undefined> {
    if (this.focused !== undefined) return this.focused;
    const window = await webext.windows.getLastFocused({ windowTypes: ["normal"] }).catch(() => undefined);
    this.focused = window?.id;
    return this.focused;
  }

  async #view(id: number, focused: boolean): Promise<WindowView> {
    return { id, focused, bound: await this.of(id), focusedAt: this.#focusedAt.get(id) ?? 0 };
  }
}

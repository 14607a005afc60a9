/** The context menus of tabs and links: reopen in a project, open a link in a project, always open here. */
export class Menus {
  /** Projects changed: the menus list them. */
  update(): void {
    // Nothing to list yet.
  }
}

const key = "projects";

/** How many projects the popup last listed, in this page's own storage: the skeleton is as high as the list will be. */
export const lastCount = {
  get(): number {
    const count = Number(localStorage.getItem(key));
    return Number.isSafeInteger(count) && count >= 0 ? count : 0;
  },
  set(count: number): void {
    localStorage.setItem(key, String(count));
  },
};

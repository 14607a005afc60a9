import { webext } from "./webext.ts";

/** The mark on the toolbar button: there is something to read. On a tab's own button, or on every one that has none of its own. */
export async function showBadge(where: { tabId?: number }): Promise<void> {
  await Promise.all([
    webext.action.setBadgeText({ ...where, text: "!" }),
    webext.action.setBadgeBackgroundColor({ ...where, color: "#c50042" }),
    webext.action.setBadgeTextColor({ ...where, color: "#ffffff" }),
  ]);
}

export async function hideBadge(where: { tabId?: number }): Promise<void> {
  await webext.action.setBadgeText({ ...where, text: null });
}

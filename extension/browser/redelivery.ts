import type { ProjectId } from "../../shared/models.ts";
import type { PageRequest } from "../core/routing/pageRequest.ts";

/** Delivers a request again in another container, looking to the site as it would have from the first. */
export class Redelivery {
  /** Whether a form's request can be delivered by a page of ours: urlencoded, at most 64 KiB, no files. */
  takes(request: PageRequest): boolean {
    return request.method === "POST" && request.formData !== undefined;
  }

  /** Opens a page in the project's container, where the tab stands, that sends the form's fields itself. */
  deliver(tab: browser.tabs.Tab, request: PageRequest, project: ProjectId, { keep }: { keep: boolean }): Promise<void> {
    throw new Error(`not yet ${tab.id} ${request.url} ${project} ${keep}`);
  }

  /**
   * Before a GET is moved: the one request for this address that follows carries what the first would have carried, so
   * no SameSite=Strict cookie when another site asked for it. Without it an extension's navigation counts as the site's own.
   */
  expect(request: PageRequest): void {
    void request;
  }
}

import type { ProjectId } from "../../../shared/models.ts";

/** A main-frame request of a window that is not private, as webRequest.onBeforeRequest has it. */
export interface PageRequest {
  requestId: string;
  tab: number;
  /** With its fragment. */
  url: string;
  method: string;
  cookieStoreId: string;
  /** The project the container carries; undefined for any other container and for none. */
  project: ProjectId | undefined;
  /** The page that asked for it; undefined when a person, another program or an add-on did. */
  originUrl: string | undefined;
  /** The addresses that were redirected to this one, the first first; absent: none, or not known. */
  redirectedFrom?: readonly string[];
  /** Milliseconds since 1970. */
  at: number;
  /** A form's fields (urlencoded or multipart), where Firefox could read them. */
  formData: Readonly<Record<string, readonly string[]>> | undefined;
}

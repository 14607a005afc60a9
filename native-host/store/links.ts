import { createHmac, timingSafeEqual } from "node:crypto";
import { formatLink, parseLink } from "../../shared/link.ts";
import type { ProjectId } from "../../shared/models.ts";
import { expectWebUrl } from "../../shared/webUrl.ts";
import { type DataKeys, registryOwner } from "./dataKeys.ts";
import type { Projects } from "./projects.ts";

/**
 * Links that only this store can sign: HMAC-SHA-256 over project id and address, under a key derived from the registry's
 * look-up key. Every method belongs in a transaction of the caller's.
 */
export class Links {
  readonly #keys: DataKeys;
  readonly #projects: Projects;

  constructor(keys: DataKeys, projects: Projects) {
    this.#keys = keys;
    this.#projects = projects;
  }

  /** Good until the project is removed, whatever it is renamed to. Throws `badUrl`, `unknownProject`. */
  sign(id: ProjectId, address: string): string {
    const url = expectWebUrl(address);
    const { name } = this.#projects.get(id);
    return formatLink({ url, project: name, mac: this.#mac(id, url) });
  }

  /**
   * The project whose id the mac was made over, whatever the link calls it: its name may have changed, and another may have
   * it now. Throws `badLink`.
   */
  read(link: string): { url: string; project: ProjectId | null; signed: boolean } {
    const { url, mac } = parseLink(link);
    const project = mac === undefined ? undefined : this.#projects.ids().find((id) => isSame(mac, this.#mac(id, url)));
    return { url, project: project ?? null, signed: project !== undefined };
  }

  #mac(project: ProjectId, url: string): string {
    const key = this.#keys.hash(registryOwner, "link key", "1");
    // JSON keeps the parts apart whatever they hold.
    const mac = createHmac("sha256", key).update(JSON.stringify(["stead link", 1, project, url])).digest("base64url");
    key.fill(0);
    return mac;
  }
}

/** In the same time wherever they differ. As text: several spellings of base64url mean the same bytes. */
function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}

import type { HostLink } from "../../host/link.ts";
import { type Check, failed, passed } from "./check.ts";
import { failedBy } from "./failedBy.ts";

/** A Firefox is connected, and each one's extension is of this command's version. */
export async function checkInstances(hosts: () => Promise<readonly HostLink[]>, version: string): Promise<Check[]> {
  try {
    const instances = (await hosts()).flatMap(({ instance }) => (instance ? [instance] : []));
    if (instances.length === 0) {
      return [failed("firefox", "No Firefox is connected.", "Start Firefox with the Stead extension enabled; reload the extension after stead install.")];
    }
    const names = instances.map((one) => `${one.instance} (${one.browser} ${one.version})`).join(", ");
    const others = instances.filter((one) => one.extensionVersion !== version);
    const what = others.map((one) => `${one.instance} has ${one.extensionVersion}`).join(", ");
    return [
      passed("firefox", names),
      others.length === 0
        ? passed("extension-version", version)
        : failed("extension-version", `This command is ${version}; ${what}.`, "Update the older side, then restart Firefox."),
    ];
  } catch (error) {
    return [failedBy("firefox", error)];
  }
}

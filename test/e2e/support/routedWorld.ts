import type { Firefox, LaunchOptions } from "../../support/firefox.ts";
import { type LinkSite, startLinkSite } from "./linkSite.ts";
import { Person } from "./person.ts";
import { containerOf, World } from "./world.ts";

/** A Firefox with the projects acme and beta, to which the pages of acme.localhost and beta.localhost belong. */
export interface RoutedWorld {
  readonly world: World;
  readonly site: LinkSite;
  readonly firefox: Firefox;
  readonly person: Person;
  readonly acme: number;
  readonly beta: number;
  end(): Promise<void>;
}

export async function makeRoutedWorld(options: Partial<LaunchOptions> = {}): Promise<RoutedWorld> {
  const world = await World.make();
  const site = await startLinkSite();
  await world.json("install", "--browser", "firefox");
  const firefox = await world.firefox({
    ...options,
    prefs: { "browser.tabs.splitView.enabled": true, "browser.download.useDownloadDir": true, "browser.download.folderList": 2, "browser.download.dir": world.home, ...options.prefs },
  });
  await world.connected();
  for (const project of ["acme", "beta"]) {
    await world.json("project", "add", project);
    await world.json("rule", "add", project, `${project}.localhost`);
    await world.json("switch", project);
  }
  return {
    world,
    site,
    firefox,
    person: new Person(firefox),
    acme: await containerOf(firefox, "acme"),
    beta: await containerOf(firefox, "beta"),
    end: async () => {
      await world.end();
      await site.close();
    },
  };
}

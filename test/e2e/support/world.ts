import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod/mini";
import { type Firefox, launchFirefox, type LaunchOptions, steadUuid } from "../../support/firefox.ts";
import { waitFor } from "../../support/waitFor.ts";

const program = resolve("dist/native-host/stead.js");

const Instances = z.array(z.object({ instance: z.string(), current: z.nullable(z.string()) }));

export interface CommandResult {
  status: number;
  stdout: string;
  stderr: string;
}

/** A user's home with Stead installed, its Firefox profiles and its command line; everything is real and of this test alone. */
export class World {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #open = new Set<Firefox>();

  private constructor(home: string) {
    this.home = home;
    this.env = { PATH: process.env["PATH"], HOME: home, STEAD_HOME: join(home, "stead"), STEAD_KEYSTORE: "file" };
  }

  static async make(): Promise<World> {
    return new World(await mkdtemp(join(tmpdir(), "stead-world-")));
  }

  /** Runs `stead …` as a process of its own. */
  stead(args: readonly string[], input = ""): Promise<CommandResult> {
    return new Promise((done) => {
      const child = execFile(process.execPath, [program, ...args], { env: this.env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
        done({ status: error ? Number(error.code ?? 1) : 0, stdout, stderr });
      });
      // A command that reads nothing may be gone before this is written.
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(input);
    });
  }

  /** The answer of `stead … --json`; fails the test when the command fails. */
  async json(...args: string[]): Promise<Record<string, unknown>> {
    const { status, stdout, stderr } = await this.stead([...args, "--json"]);
    if (status !== 0) throw new Error(`stead ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
    return z.record(z.string(), z.unknown()).parse(JSON.parse(stdout));
  }

  /** A Firefox with the extension installed for good, its host registered. `keepFirstRun` leaves the page open that a fresh profile gets. */
  async firefox({ keepFirstRun = false, ...options }: Partial<LaunchOptions> & { keepFirstRun?: boolean } = {}): Promise<Firefox> {
    const profile = options.profile ?? join(this.home, "profile");
    const fresh = !existsSync(join(profile, "prefs.js"));
    const firefox = await launchFirefox({ home: this.home, extension: resolve("dist/stead.xpi"), ...options });
    this.#open.add(firefox);
    // It comes to every profile that knows no project, a moment after the installation.
    if (fresh && !keepFirstRun) await firefox.closeTab(await firstRunTab(firefox));
    return firefox;
  }

  /** Kills a Firefox as a crash would, and starts it again with its profile as it was left, the extension in it. */
  async crash(firefox: Firefox, options: Partial<LaunchOptions> = {}): Promise<Firefox> {
    const { profile } = firefox;
    await firefox.kill();
    this.#open.delete(firefox);
    const again = await launchFirefox({ home: this.home, profile, ...options });
    this.#open.add(again);
    return again;
  }

  /** Waits until so many Firefox profiles are connected, and answers them. */
  async connected(count = 1): Promise<z.infer<typeof Instances>> {
    return waitFor(`${count} connected Firefox`, async () => {
      const instances = Instances.parse((await this.json("status"))["instances"]);
      return instances.length === count && instances;
    }, 30_000);
  }

  forget(firefox: Firefox): void {
    this.#open.delete(firefox);
  }

  async end(): Promise<void> {
    for (const firefox of this.#open) await firefox.close().catch(() => undefined);
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The first-run page of a fresh profile, once it stands. */
export async function firstRunTab(firefox: Firefox): Promise<string> {
  const isFirstRun = ({ url }: { url: string }) => url === `moz-extension://${steadUuid}/firstRun/firstRun.html`;
  return waitFor("the first-run page", async () => (await firefox.tabs()).find(isFirstRun)?.context, 30_000);
}

/** The container of a project, which carries its name. */
export async function containerOf(firefox: Firefox, name: string): Promise<number> {
  const container = (await firefox.containers()).find((one) => one.name === name);
  if (!container) throw new Error(`There is no container named ${name}.`);
  return container.userContextId;
}

/** The text of a page loaded in a new tab of a container. */
export async function textIn(firefox: Firefox, userContextId: number, url: string): Promise<string> {
  const context = await firefox.openTab(url, { userContextId });
  const text = String(await firefox.evaluate(context, "document.body.textContent"));
  await firefox.closeTab(context);
  return text;
}

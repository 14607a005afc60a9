import { homedir } from "node:os";
import { SteadError } from "../../shared/errors.ts";
import { findProject } from "../actions/findProject.ts";
import { pokeHosts } from "../actions/pokeHosts.ts";
import { homeFrom } from "../home.ts";
import type { HostLink } from "../host/link.ts";
import type { Store } from "../store/types.ts";
import type { CliContext } from "./cliContext.ts";
import type { CliProcess } from "./cliProcess.ts";
import type { Edges } from "./edges.ts";
import { plain } from "./plain.ts";
import { wantsColor } from "./paint.ts";
import { type LineReader, lineReader, readAll } from "./readStdin.ts";

/** The context of one run. What is opened through it is closed by `close`. */
export function makeContext(
  proc: CliProcess,
  edges: Edges,
  options: { json: boolean; hostProgram: string },
): { context: CliContext; close: () => void } {
  const { env, platform } = proc;
  const home = homeFrom(env, platform);
  // Asked for when needed: opening a standard stream costs a millisecond or two that a quick command must not pay.
  const isTerminal = (): boolean => !options.json && proc.stdin.isTTY === true && proc.stdout.isTTY === true && proc.stderr.isTTY === true;
  let closed = false;
  const opened: { close(): void }[] = [];
  /** What opens after the command has failed is closed at once: an open socket would keep the process running. */
  const held = <T extends { close(): void }>(one: T): T => {
    if (closed) one.close();
    else opened.push(one);
    return one;
  };
  let store: Promise<Store> | undefined;
  let hosts: Promise<readonly HostLink[]> | undefined;
  let lines: LineReader | undefined;

  const warn = (message: string): void => void proc.stderr.write(`stead: ${plain(message)}\n`);
  const opening = { home, env, warn };

  const context: CliContext = {
    env,
    platform,
    home,
    get terminal() {
      return isTerminal();
    },
    get color() {
      return wantsColor(env, proc.stdout);
    },
    installation: {
      platform,
      env,
      home,
      userHome: (platform === "win32" ? env["USERPROFILE"] : env["HOME"]) ?? homedir(),
      node: proc.execPath,
      hostProgram: options.hostProgram,
      reg: (args) => edges.reg(args),
    },
    now: () => Date.now(),
    readStdin: () => readAll(proc.stdin),
    warn,
    store: () => (store ??= edges.openStore(opening).then(held)),
    hosts: () => (hosts ??= edges.connectHosts(home, warn).then((links) => links.map(held))),
    poke: async (revision) => pokeHosts(await context.hosts(), revision),
    project: async (name) => findProject((await context.store()).registry().projects, name, { prefix: isTerminal() }),
    confirm: async (question) => {
      if (!isTerminal()) throw new SteadError("confirmationNeeded", question);
      return edges.confirm(proc, question);
    },
    vaultStatus: () => edges.vaultStatus(opening),
    lock: () => edges.lockVault(opening),
    autoLock: (after) => edges.setAutoLock(opening, after),
    unlock: (passphrase) => edges.unlockVault({ ...opening, passphrase }),
    rotateKey: (passphrase) => edges.rotateKey({ ...opening, passphrase }),
    makeBackup: (request) => edges.makeBackup({ ...opening, ...request }),
    restoreBackup: (request) => edges.restoreBackup({ ...opening, ...request }),
    storeIsFounded: () => edges.storeIsFounded(home),
    choose: (question, choices) => edges.choose(proc, question, choices),
    secret: (question) => (proc.stdin.isTTY === true ? edges.secret(proc, question) : (lines ??= held(lineReader(proc.stdin))).next()),
  };

  return {
    context,
    close() {
      closed = true;
      for (const one of opened) one.close();
    },
  };
}

import { resolve } from "node:path";
import { SteadError } from "../../shared/errors.ts";
import type { InstallEnvironment } from "./environment.ts";

const mark = "Starts Stead's native host for Firefox. Written by stead install, removed by stead uninstall.";

/** What would let another program into the host, or move its output onto the frames. */
const cleared = ["NODE_OPTIONS", "NODE_PATH", "NODE_DEBUG", "NODE_REPL_EXTERNAL_MODULE", "NODE_V8_COVERAGE"];

/** What decides which store the host opens: it must be the one the command line opens. */
const kept = ["STEAD_HOME", "STEAD_KEYSTORE", "XDG_DATA_HOME"];

/**
 * The program the manifest names. Firefox started from a desktop menu knows neither nvm's PATH nor the shell's
 * variables, so paths are absolute and what chooses the store is written down. Throws `installFailed` for a path the
 * platform's script cannot hold.
 */
export function wrapperText(environment: InstallEnvironment): string {
  return environment.platform === "win32" ? command(environment) : script(environment);
}

/** Whether a file's text is a wrapper of Stead's. */
export function isWrapper(text: string): boolean {
  return text.includes(mark);
}

function script(environment: InstallEnvironment): string {
  const lines = settings(environment).map(([name, value]) => `export ${name}=${shellQuoted(value)}`);
  const start = [environment.node, ...flags(), environment.hostProgram].map(shellQuoted).join(" ");
  return ["#!/bin/sh", `# ${mark}`, `unset ${cleared.join(" ")}`, ...lines, `exec ${start} "$@"`, ""].join("\n");
}

function command(environment: InstallEnvironment): string {
  const lines = settings(environment).map(([name, value]) => `set "${name}=${batchEscaped(value)}"`);
  const start = [environment.node, ...flags(), environment.hostProgram].map((part) => `"${batchEscaped(part)}"`).join(" ");
  return [
    "@echo off",
    `rem ${mark}`,
    // Paths are written as UTF-8; cmd.exe reads the file in the code page of the moment.
    "chcp 65001 >nul",
    "setlocal DisableDelayedExpansion",
    ...cleared.map((name) => `set "${name}="`),
    ...lines,
    `${start} %*`,
    "",
  ].join("\r\n");
}

function settings({ env }: InstallEnvironment): [string, string][] {
  return kept.flatMap((name): [string, string][] => {
    const value = env[name];
    if (value === undefined || value === "") return [];
    return [[name, name === "STEAD_KEYSTORE" ? value : resolve(value)]];
  });
}

/** SIGUSR1 opens Node's inspector on a running process; not every version can be told not to. */
function flags(): string[] {
  return process.allowedNodeEnvironmentFlags.has("--disable-sigusr1") ? ["--disable-sigusr1"] : [];
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Inside double quotes only a percent sign means something to a batch file; a quote or line break cannot be held. */
function batchEscaped(text: string): string {
  if (/["\r\n]/.test(text)) throw new SteadError("installFailed", `A batch file cannot hold the path ${JSON.stringify(text)}.`, { hint: "Install Stead in another directory." });
  return text.replaceAll("%", "%%");
}

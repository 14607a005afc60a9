import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formats } from "../../shared/formats/index.ts";
import type { Cookie } from "../../shared/models.ts";
import { type Echo, startEcho } from "./echoServer.ts";
import { expectedPairs, jar, pairs, requests, valueJar } from "./jar.ts";
import { run, tool } from "./tool.ts";

const wget = tool(["wget"], "wget");
const folder = mkdtempSync(join(tmpdir(), "stead-wget-"));
const file = join(folder, "cookies.txt");
let echo: Echo;
beforeAll(async () => {
  echo = await startEcho();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await echo.close();
});

function write(cookies: readonly Cookie[]): void {
  writeFileSync(file, formats.wget.write({ cookies, origins: [] }, { now: Date.now(), project: "acme" }).document);
}

/** Every host is reached by way of the echo server as a proxy. */
function request(host: string, path: string, ...args: string[]): Promise<string> {
  const proxy = `http://127.0.0.1:${echo.port}/`;
  return run(wget, ["--no-config", "--no-hsts", "-q", "-O", "-", "--load-cookies", file, ...args, `http://${host}${path}`], {
    env: { http_proxy: proxy, no_proxy: "", LC_ALL: "C.UTF-8" },
  });
}

describe("a wget file in real wget", () => {
  it.each(requests)("sends exactly $names to $host at $path", async ({ host, path, names, wget: sent = names }) => {
    write(jar);
    expect(pairs(await request(host, path))).toEqual(expectedPairs(sent));
  });

  it("keeps Secure cookies to https, on localhost too", async () => {
    write(jar);
    expect(pairs(await request("localhost", "/"))).toEqual(expectedPairs(["local"]));
  });

  it.each(valueJar.map((cookie) => [cookie.name, cookie] as const))("carries the value %s bit for bit", async (_name, cookie) => {
    write([cookie]);
    expect(await request("localhost", "/")).toBe(`${cookie.name}=${cookie.value}`);
  });

  it("is what Stead reads back from wget's own file", async () => {
    write(jar);
    const saved = join(folder, "saved.txt");
    await request("localhost", "/", "--save-cookies", saved, "--keep-session-cookies");
    const read = formats.wget.read(readFileSync(saved, "utf8"), { now: Date.now() });
    expect(read).toMatchObject({ repaired: [], dropped: [] });
    expect(read.cookies.map(({ name }) => name).toSorted()).toEqual(jar.map(({ name }) => name).filter((name) => name !== "gone").toSorted());
  });
});

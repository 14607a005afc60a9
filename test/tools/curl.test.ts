import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formats } from "../../shared/formats/index.ts";
import type { Cookie } from "../../shared/models.ts";
import { type Echo, startEcho } from "./echoServer.ts";
import { expectedPairs, jar, pairs, requests, valueJar, valuePairs } from "./jar.ts";
import { run, tool } from "./tool.ts";

const curl = tool(["curl"], "curl");
const folder = mkdtempSync(join(tmpdir(), "stead-curl-"));
let echo: Echo;
beforeAll(async () => {
  echo = await startEcho();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await echo.close();
});

const write = (format: "netscape" | "curl", cookies: readonly Cookie[], host?: string) =>
  formats[format].write({ cookies, origins: [] }, { now: Date.now(), project: "acme", host });
const request = (host: string, path: string, args: string[], stdin = "") =>
  run(curl, ["-q", "-sS", "--noproxy", "*", "--resolve", `${host}:${echo.port}:127.0.0.1`, ...args, `http://${host}:${echo.port}${path}`], { stdin });

describe("a netscape file in real curl", () => {
  const file = join(folder, "cookies.txt");
  beforeAll(() => {
    writeFileSync(file, write("netscape", jar).document);
  });

  it.each(requests)("sends exactly $names to $host at $path", async ({ host, path, names }) => {
    expect(pairs(await request(host, path, ["-b", file]))).toEqual(expectedPairs(names));
  });

  it("sends Secure cookies to localhost, as browsers do", async () => {
    expect(pairs(await request("localhost", "/", ["-b", file]))).toEqual(expectedPairs(["local", "localtls"]));
  });

  it("is read from stdin too", async () => {
    expect(pairs(await request("127.0.0.1", "/", ["-b", "-"], write("netscape", jar).document))).toEqual(expectedPairs(["ip"]));
  });

  it("is read whole: curl writes every cookie of it into its own jar again, and Stead reads that alike", async () => {
    const written = join(folder, "jar.txt");
    await request("localhost", "/", ["-b", file, "-c", written]);
    const again = await run("cat", [written]);
    const read = (text: string) => formats.netscape.read(text, { now: Date.now() }).cookies.toSorted((a, b) => a.name.localeCompare(b.name));
    expect(read(again)).toEqual(read(write("netscape", jar).document));
  });

  it.each(valueJar.map((cookie) => [cookie.name, cookie] as const))("carries the value %s bit for bit", async (_name, cookie) => {
    expect(await request("localhost", "/", ["-b", "-"], write("netscape", [cookie]).document)).toBe(`${cookie.name}=${cookie.value}`);
  });

  it("holds the longest line that curl reads, and no longer one", async () => {
    const longest = (extra: number): Cookie => ({ ...valueJar[0], domain: "localhost", name: "n", value: "v".repeat(4095), path: `/${"p".repeat(800 + extra)}`, secure: false, httpOnly: false, sameSite: "unspecified" });
    const steps = Array.from({ length: 120 }, (_, extra) => longest(extra));
    const held = steps.filter((cookie) => write("netscape", [cookie]).cookies === 1);
    const last = held.at(-1);
    expect(held.length).toBeLessThan(steps.length);
    expect(await request("localhost", last?.path ?? "", ["-b", "-"], write("netscape", last ? [last] : []).document)).toHaveLength(4097);
  });
});

describe("a curl configuration in real curl", () => {
  it("sends exactly the host's cookies, without a value in curl's arguments", async () => {
    const { document } = write("curl", jar.filter(({ secure }) => !secure), "app.acme.test");
    expect(pairs(await request("app.acme.test", "/", ["-K", "-"], document))).toEqual(expectedPairs(["host", "all", "http"]));
  });

  it("carries every value bit for bit, far over the length at which curl loses its cookie option", async () => {
    const { document } = write("curl", valueJar, "localhost");
    expect(pairs(await request("localhost", "/", ["-K", "-"], document))).toEqual(valuePairs.toSorted());
  });

  it("does not take the cookies along to another host or port", async () => {
    const other = await startEcho();
    try {
      const { document } = write("curl", jar, "localhost");
      for (const target of [`http://127.0.0.1:${echo.port}/away`, `http://localhost:${other.port}/away`]) {
        await request("localhost", `/to?${encodeURIComponent(target)}`, ["-L", "-K", "-"], document);
      }
      expect([echo.received("/away"), other.received("/away")]).toEqual([[null], [null]]);
      expect(echo.received("/to")).toEqual([expect.stringContaining("of-local"), expect.stringContaining("of-local")]);
    } finally {
      await other.close();
    }
  });

  it("refuses to send Secure cookies in the clear", async () => {
    const { document } = write("curl", jar, "app.acme.test");
    await expect(request("app.acme.test", "/clear", ["-K", "-"], document)).rejects.toThrow(/protocol/i);
    expect(echo.received("/clear")).toEqual([]);
  });
});

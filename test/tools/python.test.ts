import { describe, expect, it } from "vitest";
import { formats } from "../../shared/formats/index.ts";
import { jar, valueJar } from "./jar.ts";
import { findTool, run } from "./tool.ts";

/** Loads the file on stdin, answers what is in it and what Python itself would save. */
const script = `
import http.cookiejar, json, os, sys, tempfile
def jar(path):
    made = http.cookiejar.MozillaCookieJar(path)
    return made
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "cookies.txt")
    with open(path, "wb") as file: file.write(sys.stdin.buffer.read())
    loaded = jar(path)
    loaded.load(ignore_discard=True, ignore_expires=True)
    found = [[c.domain, c.path, c.name, c.value, c.secure, c.has_nonstandard_attr("HTTPOnly")] for c in loaded]
    loaded.save(path, ignore_discard=True, ignore_expires=True)
    with open(path, encoding="utf8") as file: print(json.dumps({"found": found, "saved": file.read()}))
`;

/** Python stands for yt-dlp, which uses its reader. It is no requirement of the tests: where there is none, there is nothing to ask. */
const pythons = [findTool(["python3"])].filter((path) => path !== undefined);

describe("a netscape file in Python's MozillaCookieJar", () => {
  it("has a second field that agrees with the domain's dot, without which Python rejects the whole file", () => {
    const { document } = formats.netscape.write({ cookies: jar, origins: [] }, { now: Date.now(), project: "acme" });
    for (const line of document.split("\n").slice(1, -1)) {
      const [domain = "", flag] = line.replace("#HttpOnly_", "").split("\t");
      expect(flag).toBe(domain.startsWith(".") ? "TRUE" : "FALSE");
    }
  });

  it.each(pythons)("is read whole by %s, and what it saves is read by Stead", async (python) => {
    const cookies = [...jar.filter(({ name }) => name !== "gone"), ...valueJar];
    const { document } = formats.netscape.write({ cookies, origins: [] }, { now: Date.now(), project: "acme" });
    const { found, saved } = JSON.parse(await run(python, ["-c", script], { stdin: document, env: { PYTHONUTF8: "1" } })) as { found: unknown[][]; saved: string };
    expect(new Set(found.map((row) => JSON.stringify(row)))).toEqual(
      new Set(cookies.map((cookie) => JSON.stringify([cookie.domain, cookie.path, cookie.name, cookie.value, cookie.secure, cookie.httpOnly]))),
    );
    const read = formats.netscape.read(saved, { now: Date.now() });
    expect(read.cookies).toHaveLength(cookies.length);
    expect(read).toMatchObject({ repaired: [], dropped: [] });
  });
});

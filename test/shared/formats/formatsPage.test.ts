import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { detectFormat, formats } from "../../../shared/formats/index.ts";
import { now, options } from "./arbitraries.ts";

const page = readFileSync(new URL("../../../docs/formats.md", import.meta.url), "utf8");
const state = page.slice(page.indexOf("### Examples"), page.indexOf("### Exit statuses"));
const [playwright = "", netscape = "", curl = "", json = ""] = [...state.matchAll(/^```(?:json)?\n([^]*?)^```$/gm)].map(([, text]) => text);

describe("the examples of docs/formats.md", () => {
  it.each([["playwright", playwright], ["netscape", netscape], ["json", json]] as const)("are read as the format they are for: %s", (format, text) => {
    expect(detectFormat(text)).toBe(format);
    const { cookies, repaired, dropped } = formats[format].read(text, { now });
    expect(cookies).toMatchObject([{ name: "sid", value: "…", domain: ".acme.test", path: "/", secure: true, httpOnly: true }]);
    expect({ repaired, dropped }).toEqual({ repaired: [], dropped: [] });
  });

  it("are what is written of one state", () => {
    const read = formats.playwright.read(playwright, { now });
    expect(JSON.parse(formats.playwright.write(read, options).document)).toEqual(JSON.parse(playwright));
    expect(formats.netscape.write(read, options).document).toBe(netscape);
    expect(formats.curl.write(read, { ...options, host: "app.acme.test" }).document).toBe(curl);
  });
});

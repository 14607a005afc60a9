import { describe, expect, it } from "vitest";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";

describe("an expression", () => {
  it.each(["/https://example\\.com/.*/", "!/https://example\\.com/.*/", "/(a+)+$/"])("is refused for want of a safe engine: %s", (text) => {
    expect(() => parsePattern(text)).toThrow(expect.objectContaining({ code: "badPattern", hint: "This build takes no expressions yet; write the rule by host, port and path." }));
  });
});

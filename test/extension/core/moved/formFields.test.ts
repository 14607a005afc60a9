import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formEncoding } from "../../../../extension/core/moved/formEncoding.ts";
import { formFields, urlencodedLength } from "../../../../extension/core/moved/formFields.ts";

const urlencoded = "application/x-www-form-urlencoded";

describe("formFields", () => {
  it.each([
    ["fields in their order", { a: ["1"], b: ["ü & co"] }, [["a", "1"], ["b", "ü & co"]]],
    ["an empty form", {}, []],
    ["lines", { a: ["one\r\ntwo"] }, [["a", "one\r\ntwo"]]],
    ["one name that repeats", { x: ["0", "1"], y: ["2"] }, [["x", "0"], ["x", "1"], ["y", "2"]]],
    ["two names that repeat: their order among each other is lost", { "i[][a]": ["1", "2"], "i[][b]": ["3", "4"] }, undefined],
    ["bytes that were no UTF-8", { a: ["caf\ufffd"] }, undefined],
    ["a line end that no form sends", { a: ["one\ntwo"] }, undefined],
    ["a name without a value", { a: [undefined] }, undefined],
    ["64 KiB", { a: ["x".repeat(65_534)] }, [["a", "x".repeat(65_534)]]],
    ["more than 64 KiB", { a: ["x".repeat(65_535)] }, undefined],
    ["more than 64 KiB once it is encoded", { a: ["ü".repeat(20_000)] }, undefined],
  ])("of %s", (_, formData: Record<string, (string | undefined)[]>, fields) => {
    expect(formFields(formData)).toEqual(fields);
  });
});

describe("formEncoding", () => {
  const fields = [["a", "x&y"], ["b", "ü"], ["submit", "1"]] as const;
  const boundary = "----geckoformboundarya7a854288635b2daf6a5a4539d60ea30";

  it.each([
    // Both lengths are Firefox's own, of a form with these fields.
    [urlencoded, "25", urlencoded],
    [`${urlencoded}; charset=UTF-8`, "25", urlencoded],
    [`multipart/form-data; boundary=${boundary}`, "379", "multipart/form-data"],
    [urlencoded, "24", undefined],
    [`multipart/form-data; boundary=${boundary}`, "380", undefined],
    ["multipart/form-data", "379", undefined],
    ["text/plain", "23", undefined],
    ["application/json", "25", undefined],
    [undefined, "25", undefined],
    [urlencoded, undefined, undefined],
  ])("%s of %s bytes: %s", (type, length, encoding) => {
    expect(formEncoding(type, length, fields)).toBe(encoding);
  });

  it("is none for a form with a file, whatever Firefox lists in its place", async () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    await fc.assert(fc.asyncProperty(fc.dictionary(name, fc.string()), name, fc.string({ maxLength: 40 }), fc.stringMatching(/^[a-z.]{0,12}$/), async (texts, field, content, filename) => {
      const form = new FormData();
      for (const [key, value] of Object.entries(texts)) form.append(key, value);
      form.append(field, new File([content], filename));
      const sent = new Response(form);
      const type = sent.headers.get("content-type") ?? "";
      const length = (await sent.arrayBuffer()).byteLength;
      expect(formEncoding(type, String(length), [...Object.entries(texts), [field, filename]])).toBeUndefined();
    }));
  });

  it("knows the length of every urlencoded body", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.string(), fc.string({ unit: "grapheme" }))), (pairs) => {
      expect(urlencodedLength(pairs)).toBe(new TextEncoder().encode(new URLSearchParams(pairs).toString()).length);
    }));
  });
});

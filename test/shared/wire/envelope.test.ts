import { describe, expect, it } from "vitest";
import { SteadError } from "../../../shared/errors.ts";
import { Envelope, oldestProtocolVersion, protocolVersion } from "../../../shared/wire/envelope.ts";

const error = new SteadError("busy", "Too much.").toShape();

describe("the envelope", () => {
  it.each([
    { t: "hello", side: "host", version: "1.2.3", protocol: { min: 1, max: 2 }, features: ["x"] },
    { t: "request", id: 0, method: "m", params: { any: ["thing"] } },
    { t: "result", id: 7, result: null },
    { t: "error", id: 7, error },
    { t: "bye", error },
  ])("takes %j", (message) => {
    expect(Envelope.parse(message)).toEqual(message);
  });

  it.each([
    null,
    [],
    "hello",
    {},
    { t: "unheard" },
    { t: "hello", side: "stranger", version: "1", protocol: { min: 1, max: 1 }, features: [] },
    { t: "hello", side: "host", version: "1", protocol: { min: "1", max: 1 }, features: [] },
    { t: "request", id: -1, method: "m", params: {} },
    { t: "request", id: 1.5, method: "m", params: {} },
    { t: "request", id: "1", method: "m", params: {} },
    { t: "request", id: 1, params: {} },
    { t: "error", id: 1, error: { code: "unheardOf", message: "", hint: "" } },
    { t: "error", id: 1, error: { code: "toString", message: "", hint: "" } },
    { t: "bye" },
  ])("refuses %j", (message) => {
    expect(Envelope.safeParse(message).success).toBe(false);
  });

  it("accepts the version before this one", () => {
    expect(oldestProtocolVersion).toBe(Math.max(1, protocolVersion - 1));
  });
});

import { describe, expect, it } from "vitest";
import { firefoxPlaces } from "../../../native-host/dev/findFirefox.ts";

describe("firefoxPlaces", () => {
  it.each([
    ["linux", { PATH: "/usr/local/bin::/usr/bin" }, ["/usr/bin/firefox-esr", "/usr/local/bin/firefox", "/snap/bin/firefox"]],
    ["darwin", { PATH: "/usr/bin" }, [
      "/usr/bin/firefox",
      "/Applications/Firefox.app/Contents/MacOS/firefox",
      "/home/u/Applications/Firefox Developer Edition.app/Contents/MacOS/firefox",
    ]],
    ["win32", { PATH: "C:\\bin", ProgramFiles: "C:\\Program Files" }, [
      "C:\\bin\\firefox.exe",
      "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
    ]],
  ] as const)("looks at Firefox's usual places on %s", (platform, env, places) => {
    expect(firefoxPlaces(platform, env, "/home/u")).toEqual(expect.arrayContaining([...places]));
  });

  it("looks on PATH first, and never in the current directory", () => {
    const places = firefoxPlaces("linux", { PATH: ":/opt/mine/bin" }, "/home/u");
    expect(places[0]).toBe("/opt/mine/bin/firefox-esr");
    expect(places.every((place) => place.startsWith("/"))).toBe(true);
  });
});

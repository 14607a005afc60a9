import { expect, it } from "vitest";
import { shownTime } from "../../../extension/core/shownTime.ts";

const now = Date.UTC(2030, 0, 31, 22);

it.each([
  ["en", Date.UTC(2030, 0, 31, 22, 30), "UTC", "10:30 PM"],
  ["de", Date.UTC(2030, 0, 31, 22, 30), "UTC", "22:30"],
  ["de", Date.UTC(2030, 1, 1, 0, 30), "UTC", "01.02.30, 00:30"],
  ["en", Date.UTC(2030, 1, 1, 0, 30), "UTC", "2/1/30, 12:30 AM"],
  // Where the day has begun already, it is today.
  ["de", Date.UTC(2030, 1, 1, 0, 30), "Europe/Moscow", "03:30"],
])("in %s, %i in %s is shown as %s", (locale, at, zone, shown) => {
  expect(shownTime(at, now, locale, zone).replaceAll("\u202f", " ")).toBe(shown);
});

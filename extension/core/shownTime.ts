/** A time as people read it: the hour if it is today, else with its day. `at` and `now` in milliseconds since 1970. */
export function shownTime(at: number, now: number, locale: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "short", ...zone });
  const isToday = day.format(at) === day.format(now);
  return new Intl.DateTimeFormat(locale, { ...(!isToday && { dateStyle: "short" }), timeStyle: "short", ...zone }).format(at);
}

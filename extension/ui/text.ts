import { webext } from "../browser/webext.ts";

/** The message of this name in the user's language; throws for a name that _locales does not have. */
export function text(name: string, ...values: readonly (string | number)[]): string {
  const key = [name, ...values].join("\n");
  const known = cache.get(key);
  if (known !== undefined) return known;
  const message = webext.i18n.getMessage(name, values.map(String));
  if (message === "") throw new Error(`No message is named ${name}.`);
  if (cache.size > 2000) cache.clear();
  cache.set(key, message);
  return message;
}

/** The message `nameOne`, `nameOther` … that the language uses for this count. */
export function counted(name: string, count: number): string {
  return text(numbered(name, count), numbers().format(count));
}

/** The name of that message. */
export function numbered(name: string, count: number): string {
  return `${name}${plural(count)}`;
}

export function localized(count: number): string {
  return numbers().format(count);
}

const cache = new Map<string, string>();
let format: Intl.NumberFormat | undefined;
let rules: Intl.PluralRules | undefined;

function numbers(): Intl.NumberFormat {
  return (format ??= new Intl.NumberFormat(text("localeTag")));
}

function plural(count: number): "One" | "Other" {
  rules ??= new Intl.PluralRules(text("localeTag"));
  return rules.select(count) === "one" ? "One" : "Other";
}

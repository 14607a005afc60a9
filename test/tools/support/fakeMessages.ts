/** A language's _locales/…/messages.json. */
export type Messages = Record<string, { message: string; placeholders?: Record<string, { content: string }> }>;

/** As browser.i18n.getMessage fills a message in; empty for a name there is none of. */
export function getMessage(messages: Messages, name: string, values: string | readonly string[] = []): string {
  const given = typeof values === "string" ? [values] : values;
  const entry = messages[name];
  const fill = (whole: string, key: string): string => {
    const content = entry?.placeholders?.[key.toLowerCase()]?.content;
    return content === undefined ? whole : content.replace(/\$(\d)/u, (_, place: string) => given[Number(place) - 1] ?? "");
  };
  return entry?.message.replace(/\$([A-Z]+)\$/gu, fill) ?? "";
}

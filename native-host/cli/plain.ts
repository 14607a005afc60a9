/** The text without what a terminal would obey: control and format characters become a replacement character. */
export function plain(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, "\uFFFD");
}

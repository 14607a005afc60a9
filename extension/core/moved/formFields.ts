/** A form's fields in the order they are sent. */
export type FormFields = readonly (readonly [name: string, value: string])[];

/** Bytes of a body that is held in memory and sent again. */
export const largestBody = 65_536;

/**
 * The fields of a form as Firefox lists them, by name, in an order that the site cannot tell from the form's own;
 * undefined where that cannot be said, where a text did not survive the reading, or where the body is too large.
 */
export function formFields(formData: Readonly<Record<string, readonly unknown[]>>): FormFields | undefined {
  const entries = Object.entries(formData);
  // Names that repeat are lists, and lists beside each other are often rows: `item[][name]`, `item[][price]`.
  if (entries.filter(([, values]) => values.length > 1).length > 1) return undefined;
  const fields: [string, string][] = [];
  for (const [name, values] of entries) {
    for (const value of values) {
      if (typeof value !== "string" || !isFormText(name) || !isFormText(value)) return undefined;
      fields.push([name, value]);
    }
  }
  return urlencodedLength(fields) <= largestBody ? fields : undefined;
}

/** Bytes of the body as application/x-www-form-urlencoded. */
export function urlencodedLength(fields: FormFields): number {
  return new URLSearchParams(fields.map(([name, value]) => [name, value])).toString().length;
}

/** The replacement character stands for bytes that were no UTF-8; a lone CR or LF would be sent as both. */
function isFormText(text: string): boolean {
  return !/\ufffd|\r(?!\n)|(?<!\r)\n/.test(text);
}

import { type FormFields, largestBody, urlencodedLength } from "./formFields.ts";

export type FormEncoding = "application/x-www-form-urlencoded" | "multipart/form-data";

/**
 * How the form was encoded, if sending these fields in the same way makes a body of the same length, byte for byte; else
 * undefined. A file makes a multipart body longer than its fields as texts: Firefox lists it by its name alone.
 */
export function formEncoding(type: string | undefined, length: string | undefined, fields: FormFields): FormEncoding | undefined {
  const bytes = Number(length);
  if (type === undefined || !(bytes <= largestBody)) return undefined;
  const [kind = ""] = type.split(";");
  switch (kind.trim().toLowerCase()) {
    case "application/x-www-form-urlencoded":
      return bytes === urlencodedLength(fields) ? "application/x-www-form-urlencoded" : undefined;
    case "multipart/form-data": {
      const boundary = /;\s*boundary="?([^";\s]+)/i.exec(type)?.[1];
      return boundary !== undefined && bytes === multipartLength(fields, boundary) ? "multipart/form-data" : undefined;
    }
    default:
      return undefined;
  }
}

/** As browsers write it (HTML, "multipart/form-data encoding algorithm"). */
function multipartLength(fields: FormFields, boundary: string): number {
  const end = bytesIn(`--${boundary}--\r\n`);
  return fields.reduce((sum, [name, value]) => {
    const escaped = name.replace(/\r\n|\r|\n/g, "%0D%0A").replaceAll('"', "%22");
    return sum + bytesIn(`--${boundary}\r\nContent-Disposition: form-data; name="${escaped}"\r\n\r\n${value}\r\n`);
  }, end);
}

function bytesIn(text: string): number {
  return new TextEncoder().encode(text).length;
}

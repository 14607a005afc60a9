/**
 * A path, as URL.pathname has it (all ASCII), with one spelling for every segment: two segments are equal exactly when they decode to
 * the same bytes. `%2F` stays apart from `/`, and a `%` that begins no escape is written `%25`. Idempotent.
 */
export function canonicalPath(pathname: string): string {
  return unambiguous.test(pathname) ? pathname : pathname.replace(ambiguous, canonicalUnit);
}

// RFC 3986: pchar and the slash, without the percent sign.
const unambiguous = /^[\w\-.~!$&'()*+,;=:@/]*$/;
const ambiguous = /%[0-9A-Fa-f]{2}|[^\w\-.~!$&'()*+,;=:@/]/g;
const plain = /^[\w\-.~!$&'()*+,;=:@]$/;

function canonicalUnit(unit: string): string {
  if (unit.length === 1) return encodeURIComponent(unit);
  const decoded = String.fromCharCode(Number.parseInt(unit.slice(1), 16));
  return plain.test(decoded) ? decoded : unit.toUpperCase();
}

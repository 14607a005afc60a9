import * as fc from "fast-check";
import type { Cookie } from "../../shared/models.ts";

/** A cookie with nothing special about it. */
export function cookie(fields: Partial<Cookie> = {}): Cookie {
  return { domain: "app.example.com", path: "/", name: "sid", value: "one", secure: true, httpOnly: true, sameSite: "lax", ...fields };
}

/** Any cookie of a few identities, so that generated ones meet. */
export const anyCookie: fc.Arbitrary<Cookie> = fc
  .record({
    domain: fc.constantFrom("example.com", ".example.com", "localhost"),
    path: fc.constantFrom("/", "/app"),
    name: fc.constantFrom("sid", "", "ü"),
    value: fc.oneof(fc.constantFrom("a", "b"), fc.string({ unit: "binary" })),
    secure: fc.boolean(),
    httpOnly: fc.boolean(),
    sameSite: fc.constantFrom("unspecified", "no_restriction", "lax", "strict"),
    expires: fc.option(fc.integer({ min: 10, max: 10_000 }), { nil: undefined }),
    partitioned: fc.boolean(),
  })
  .map(({ expires, partitioned, ...fields }) => ({
    ...fields,
    ...(expires !== undefined && { expires }),
    ...(partitioned && { partitionKey: { topLevelSite: "https://top.example" } }),
  }));

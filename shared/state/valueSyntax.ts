import * as z from "zod/mini";
import type { Value } from "./value.ts";
import { elementSizes, specialValues, type TypedArrayKind } from "./valueKinds.ts";

/**
 * The form of a Value, for docs/state.schema.json. What a Value must keep to beyond its form (names before references, whole
 * elements, views within their buffers, depth and size) is in valueFault.ts, which is what reads them.
 */
export const ValueSyntax: z.ZodMiniType<Value> = z.lazy(() => {
  const id = z.number();
  const name = { id: z.exactOptional(id) };
  const base64 = z.string();
  const members = z.array(z.object({ k: z.string(), v: ValueSyntax }));
  const kind = z.enum(Object.keys(elementSizes) as [TypedArrayKind, ...TypedArrayKind[]]);
  return z.union([
    z.boolean(),
    z.number(),
    z.string(),
    z.object({ v: z.enum(specialValues) }),
    z.object({ d: z.string(), ...name }),
    z.object({ u: z.string() }),
    z.object({ bi: z.string() }),
    z.object({ e: z.object({ n: z.string(), m: z.string(), s: z.string(), own: z.exactOptional(members) }), ...name }),
    z.object({ r: z.object({ p: z.string(), f: z.string() }), ...name }),
    z.object({ a: z.array(ValueSyntax), id, n: z.exactOptional(z.number()), more: z.exactOptional(members) }),
    z.object({ o: members, id }),
    z.object({ m: z.array(z.object({ k: ValueSyntax, v: ValueSyntax })), id }),
    z.object({ s: z.array(ValueSyntax), id }),
    z.object({ ref: z.number() }),
    z.object({ ta: z.object({ b: base64, k: kind }), ...name, buffer: z.exactOptional(id) }),
    z.object({ ab: z.object({ b: base64 }), ...name }),
    z.object({ view: z.object({ of: ValueSyntax, k: z.union([kind, z.literal("dv")]), at: z.number(), n: z.number() }), ...name }),
    z.object({ box: ValueSyntax, ...name }),
    z.object({ blob: z.object({ b: base64, t: z.string() }), ...name }),
    z.object({ file: z.object({ b: base64, t: z.string(), n: z.string(), m: z.number() }), ...name }),
  ]);
});

import * as z from "zod/mini";
import { ValueSyntax } from "../state/valueSyntax.ts";
import { StateDocument } from "./state.ts";

const reference = "#/$defs/Value";

/** The JSON Schema of Stead's own format: docs/state.schema.json. */
export function stateSchema(): object {
  // What refers to itself there is the Value.
  const value = JSON.stringify(z.toJSONSchema(ValueSyntax, { io: "input" }), (key, part: unknown) =>
    key === "$schema" ? undefined : key === "$ref" ? reference : part,
  );
  return {
    title: "Stead state",
    description: "What `stead export --format json` writes and `stead import` reads; docs/formats.md.",
    ...z.toJSONSchema(StateDocument, {
      io: "input",
      unrepresentable: "any",
      // A Value is read by a function of its own; nothing else here is.
      override: ({ zodSchema, jsonSchema }) => {
        if (zodSchema._zod.def.type === "custom") jsonSchema.$ref = reference;
      },
    }),
    $defs: { Value: JSON.parse(value) as unknown },
  };
}

import * as z from "zod/mini";
import { errorCodes } from "../errors.ts";

/** The version this build speaks, and the oldest it still accepts (always N−1, never below 1). */
export const protocolVersion = 1;
export const oldestProtocolVersion = 1;

export const Side = z.enum(["extension", "host", "cli", "popup", "background", "worker", "vault", "page", "content"]);
export type Side = z.infer<typeof Side>;

/** The first message each way. `schema` is the store's schema version where the side has a store. */
export const Hello = z.object({
  t: z.literal("hello"),
  side: Side,
  /** The version of Stead itself, as in package.json. */
  version: z.string(),
  protocol: z.object({ min: z.number(), max: z.number() }),
  features: z.array(z.string()),
});
export type Hello = z.infer<typeof Hello>;

export const ErrorMessage = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  hint: z.string(),
});

const Id = z.number().check(z.int(), z.nonnegative());

/** Everything that travels on a channel. */
export const Envelope = z.discriminatedUnion("t", [
  Hello,
  z.object({ t: z.literal("request"), id: Id, method: z.string(), params: z.unknown() }),
  z.object({ t: z.literal("result"), id: Id, result: z.unknown() }),
  z.object({ t: z.literal("error"), id: Id, error: ErrorMessage }),
  /** Said before closing, when no answer can be given to anyone in particular. */
  z.object({ t: z.literal("bye"), error: ErrorMessage }),
]);
export type Envelope = z.infer<typeof Envelope>;

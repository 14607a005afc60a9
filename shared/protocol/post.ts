import * as z from "zod/mini";

/** What the page that sends a form on asks for, once; `take` is the id in its address. */
export const PostRequest = z.object({ take: z.string() });
export type PostRequest = z.infer<typeof PostRequest>;

export const PostOrder = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("send"),
    action: z.string(),
    encoding: z.enum(["application/x-www-form-urlencoded", "multipart/form-data"]),
    fields: z.array(z.tuple([z.string(), z.string()])),
  }),
  /** It was taken before, is too old, or went with the event page. */
  z.object({ kind: z.literal("lost") }),
]);
export type PostOrder = z.infer<typeof PostOrder>;

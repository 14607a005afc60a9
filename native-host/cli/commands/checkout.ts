import { checkOut } from "../../actions/checkOut.ts";
import { writePrivateFile } from "../../files.ts";
import type { Answer, Context } from "../context.ts";
import { readDuration } from "../duration.ts";
import { counted, leftOut } from "../tallyNotes.ts";

export interface CheckoutOptions {
  project: string;
  /** How long the lease lasts. */
  ttl?: string | undefined;
  /** Who has it, for others to read. */
  holder?: string | undefined;
  /** A file for the state, 0600; without it the state is in the answer. */
  out?: string | undefined;
}

/**
 * `stead checkout`: leases a project and gives its state as a Playwright storage state. Exit status 3 when the format could not
 * hold an item, which a check-in then leaves as it is. Throws `conflict`, which says who has the project.
 */
export async function checkout(context: Context, options: CheckoutOptions): Promise<Answer> {
  const ttlMs = readDuration(options.ttl ?? "1h", "--ttl");
  const project = await context.project(options.project);
  return checkOut(context, project, { holder: options.holder ?? "cli", ttlMs, format: "playwright" }, async ({ token, revision, expiresAt, written }) => {
    const { dropped } = written;
    const lease = { token, revision, expiresAt: new Date(expiresAt).toISOString() };
    const rest = { notes: dropped.map(leftOut), exit: dropped.length > 0 ? 3 : 0 };
    if (options.out === undefined) {
      const answer = { ...lease, state: JSON.parse(written.document) as unknown, dropped };
      return { json: answer, raw: `${JSON.stringify(answer)}\n`, ...rest };
    }
    const file = await writePrivateFile(options.out, written.document);
    const what = `${counted(written.cookies, "cookie")} and ${counted(written.origins, "origin")} of ${project.name}`;
    return { json: { ...lease, file, dropped }, text: `Wrote ${what} to ${file}, leased until ${lease.expiresAt}.\nSTEAD_TOKEN=${token}`, ...rest };
  });
}

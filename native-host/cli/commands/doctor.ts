import { version } from "../../../shared/version.ts";
import { examine } from "../../install/examine.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";

/** `stead doctor`: exit status 1 when a check fails; each failure comes with its remedy. */
export async function doctor(context: CliContext): Promise<Answer> {
  const checks = await examine(context.installation, context, version);
  const ok = checks.every((check) => check.ok);
  const lines = checks.flatMap((check) => [
    `${check.ok ? "ok  " : "FAIL"}  ${check.name}: ${check.detail}`,
    ...(check.remedy === undefined ? [] : [`      → ${check.remedy}`]),
  ]);
  return { json: { ok, checks }, text: lines.join("\n"), exit: ok ? 0 : 1 };
}

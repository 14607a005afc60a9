import { SteadError } from "../../../shared/errors.ts";
import { colors } from "../../../shared/models.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { currentProject } from "../../actions/currentProject.ts";
import type { HostLink } from "../../host/link.ts";
import { painted } from "../paint.ts";
import { table } from "../table.ts";

/** `stead list`: tabs are counted over all connected Firefox profiles, null when there is none. */
export async function list(context: CliContext): Promise<Answer> {
  const [store, links] = await Promise.all([context.store(), context.hosts()]);
  const [now, tabs] = await Promise.all([currentProject(context), countTabs(links.filter(({ instance }) => instance !== null))]);
  const projects = store.registry().projects.map(({ id, name, color, icon, rules, items }) => ({
    id, name, color, icon, current: name === now, tabs: tabs.counts && (tabs.counts.get(id) ?? 0), rules, items,
  }));
  if (projects.length === 0) return { json: { projects }, text: "No projects yet. Make one with: stead project add NAME" };

  const head = ["", "", "PROJECT", "COLOR", "TABS", "RULES", "ITEMS"];
  const rows = projects.map(({ name, color, current, tabs: open, rules, items }) => [
    current ? "*" : "", context.color ? "●" : "", name, color, String(open ?? "-"), String(rules), String(items),
  ]);
  const shown = [head, ...rows].map((row) => (context.color ? row : row.filter((_, column) => column !== 1)));
  const text = table(shown, (cell, row) => {
    const color = colors.find((one) => one === projects[row - 1]?.color);
    return cell === "●" && color ? painted(cell, color) : cell;
  });
  return { json: { projects }, text, notes: tabs.notes, exit: tabs.notes.length > 0 ? 3 : 0 };
}

async function countTabs(links: readonly HostLink[]): Promise<{ counts: Map<string, number> | null; notes: string[] }> {
  const notes: string[] = [];
  const counts = new Map<string, number>();
  let answered = 0;
  await Promise.all(
    links.map(async ({ peer, instance }) => {
      try {
        const answer = await peer.call("tabs", {}, { timeoutMs: 5000 });
        answered++;
        for (const [id, count] of Object.entries(answer.counts)) counts.set(id, (counts.get(id) ?? 0) + count);
      } catch (error) {
        if (!(error instanceof SteadError)) throw error;
        notes.push(`Tabs of ${instance?.instance ?? "a profile"} are not counted: ${error.message}`);
      }
    }),
  );
  return { counts: answered > 0 ? counts : null, notes };
}

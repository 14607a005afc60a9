import type { Tally } from "../../../shared/models.ts";
import { mergeTallies } from "../../actions/mergeTallies.ts";
import { type Damage, findDamage } from "../checkup.ts";
import { type QuarantinedRow, repair } from "../repair.ts";
import { beginShredding } from "../shredding.ts";
import type { StoreParts } from "../storeParts.ts";

/** Something that does not open, or is not what it says. */
export interface NamedDamage {
  /** Its name, or its id where the name is damaged too; null for what is no project's. */
  project: string | null;
  /** `cookie`, `page storage`, `history`, `lease`, `rule`, `project`, `settings`, `instance`, `active project`, `data key`, `revision`, `database structure` … */
  kind: string;
  /** Null for what has none. */
  revision: number | null;
}

/** What of the store is damaged, and the rest without it. */
export interface RepairMethods {
  /** Decrypts everything; counts what its tag does not confirm. */
  verify(): { items: number; damaged: Tally[] };
  /** As verify(), and names each. */
  examine(): { items: number; damaged: NamedDamage[] };
  /**
   * Takes out what does not open, so that everything else does. `keep` is given the rows that are damaged, as they were found, and
   * must have them on disk when it returns; what it throws is thrown on, and nothing was changed. Answers what is damaged still.
   */
  repair(keep: (rows: QuarantinedRow[]) => void): NamedDamage[];
}

export function repairMethods(parts: StoreParts): RepairMethods {
  const { db, keys, read, write, audit, history, items, projects, rules } = parts;
  const find = (): { items: number; damaged: Damage[] } =>
    findDamage(db, keys, { item: items, history, change: history.changes, rule: rules, audit, project: projects });
  const named = ({ project, kind, revision }: Damage): NamedDamage => ({ project: project && (projects.nameOf(project) ?? project), kind, revision });
  return {
    verify: () =>
      read(() => {
        const { items: count, damaged } = find();
        return { items: count, damaged: mergeTallies(damaged.map(({ what }) => ({ reason: what, count: 1 }))) };
      }),

    examine: () =>
      read(() => {
        const { items: count, damaged } = find();
        return { items: count, damaged: damaged.map(named) };
      }),

    repair(keep) {
      const remaining = write(() => {
        repair(db, keys, parts, () => find().damaged, keep);
        beginShredding(db);
        return find().damaged.map(named);
      });
      parts.finishShredding();
      return remaining;
    },
  };
}

import type { KeySourceKind, ProjectId } from "../../shared/models.ts";
import type { EntryId } from "../../shared/state/entry.ts";
import { keyEncryptionKey } from "../vault/keys.ts";
import { ActiveRecord } from "./activeProject.ts";
import { type Access, Audit } from "./audit.ts";
import { linesOf } from "./auditLines.ts";
import type { StoreDatabase } from "./database.ts";
import { DataKeys } from "./dataKeys.ts";
import { Endings } from "./endings.ts";
import { Gaps } from "./gaps.ts";
import { History } from "./history.ts";
import { Instances } from "./instances.ts";
import { ItemRows } from "./itemRows.ts";
import { Items } from "./items.ts";
import { Leases } from "./leases.ts";
import { Links } from "./links.ts";
import { Origins } from "./origins.ts";
import { PageStorage } from "./pageStorage.ts";
import { Projects } from "./projects.ts";
import { Rules } from "./rules.ts";
import { StoredSettings } from "./settings.ts";
import { finishShredding } from "./shredding.ts";
import { Transactions, type TransactionsOptions } from "./transactions.ts";
import { Ttls } from "./ttls.ts";

export interface StoreOpening extends Pick<TransactionsOptions, "db" | "id" | "reload" | "now"> {
  /** Copied from, not kept. */
  root: Buffer;
  /** Of the key-encryption key. */
  epoch: number;
  source: KeySourceKind;
  passive?: TransactionsOptions["passive"] | undefined;
  /** How often one data key seals before the next is made; tests set it. */
  sealLimit?: number | undefined;
}

/** What the methods of an opened store have in common. */
export interface StoreParts {
  readonly db: StoreDatabase;
  readonly keys: DataKeys;
  readonly id: string;
  readonly source: KeySourceKind;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly transactions: Transactions;
  readonly read: Transactions["read"];
  readonly write: Transactions["write"];
  readonly active: ActiveRecord;
  readonly audit: Audit;
  readonly endings: Endings;
  readonly gaps: Gaps;
  readonly history: History;
  readonly instances: Instances;
  readonly items: Items;
  readonly leases: Leases;
  readonly links: Links;
  readonly origins: Origins;
  readonly pages: PageStorage;
  readonly projects: Projects;
  readonly rules: Rules;
  readonly settings: StoredSettings;
  readonly ttls: Ttls;
  /**
   * A line in the audit for each registrable domain and kind of these items: in the transaction that writes them, and before one
   * that reads them ends. Whatever lets values in or out must call it.
   */
  readonly record: (project: ProjectId, access: Access, ids?: Iterable<EntryId>) => void;
  /** In no transaction: see shredding.ts. */
  readonly finishShredding: () => void;
}

export function storeParts({ db, id, root, epoch, reload, source, now, passive = false, sealLimit }: StoreOpening): StoreParts {
  const keys = new DataKeys(db, { storeId: id, kek: keyEncryptionKey(root, id, epoch), epoch, sealLimit });
  const transactions = new Transactions({ db, keys, id, reload, now, passive });
  const [projects, history, ttls, rows] = [new Projects(db, keys), new History(db, keys), new Ttls(db, keys), new ItemRows(db, keys)];
  const [audit, leases, gaps, origins] = [new Audit(db, keys), new Leases(db, keys), new Gaps(db, keys), new Origins(db, keys)];
  const items = new Items(db, { rows, history, ttls });
  const rules = new Rules(db, keys, projects);
  const record: StoreParts["record"] = (project, { by, action }, ids = []) => audit.record(project, { by, action, now: now(), lines: linesOf(ids) });
  return {
    db, keys, id, source, now, transactions, audit, gaps, history, items, leases, origins, projects, rules, ttls, record,
    read: (work) => transactions.read(work),
    write: (work, options) => transactions.write(work, options),
    active: new ActiveRecord(db, keys),
    endings: new Endings(db, rows, history, ttls),
    instances: new Instances(db, keys),
    links: new Links(keys, projects),
    pages: new PageStorage(db, { items, history, origins, ttls, record }),
    settings: new StoredSettings(db, keys, projects),
    finishShredding: () => finishShredding(db, [items, history, gaps, leases, ttls, rules, audit]),
  };
}

import type { EntryId } from "@satchel/protocol";
import type { EntryRow } from "../rows/entry-row.ts";
import type { ChangedSince } from "./changed-since.ts";
import type { ChangeSet } from "./change-set.ts";
import type { LoadedBatch } from "./load-batch.ts";
import { Refusal } from "./refusal.ts";

/** A batch in progress. */
export interface Batch extends LoadedBatch {
  readonly changes: ChangeSet;
  readonly changedSince: ChangedSince;
}

/** @throws Refusal not_found */
export function livingEntry({ tree }: ChangeSet, id: EntryId): EntryRow {
  const row = tree.findAlive(id);
  if (!row) throw new Refusal("not_found", "There is no such entry");
  return row;
}

/** @throws Refusal not_found */
export function livingFolder({ tree }: ChangeSet, id: EntryId): EntryRow {
  const row = tree.findAlive(id);
  if (row?.type !== "folder") throw new Refusal("not_found", "There is no such folder");
  return row;
}

/** @throws Refusal name_taken */
export function checkNameFree(
  { tree }: ChangeSet,
  place: { readonly id: EntryId; readonly parentId: EntryId; readonly name: string },
): void {
  const holder = tree.findHolder(place);
  if (holder && holder.entry_id !== place.id)
    throw new Refusal("name_taken", "There is something of this name already", { current: holder });
}

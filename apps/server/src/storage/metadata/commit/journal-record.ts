import type { EntryId, VersionId } from "@satchel/protocol";
import type { EntryRow } from "../rows/entry-row.ts";
import type { ChangeKind } from "../tree-store.ts";

/** One change of one entry, for the journal. */
export interface JournalRecord {
  readonly entryId: EntryId;
  readonly sequence: number;
  readonly kind: ChangeKind;
  readonly before: EntryRow | undefined;
  readonly after: EntryRow;
}

/** An entry's state as the journal keeps it: its place, its version (which knows the content), and whether it is deleted. */
export interface JournalState {
  readonly parent_id: EntryId | null;
  readonly name: string;
  readonly version_id: VersionId | null;
  readonly conflict_of: EntryId | null;
  /** Left out where there is none, as in all records from before it was kept. */
  readonly conflict_base?: VersionId | null;
  readonly deleted: boolean;
}

export function encodeJournalState(row: EntryRow): string {
  const state: JournalState = {
    parent_id: row.parent_id,
    name: row.name,
    version_id: row.version_id,
    conflict_of: row.conflict_of,
    ...(row.conflict_base !== null && { conflict_base: row.conflict_base }),
    deleted: row.deleted_at_ms !== null,
  };
  return JSON.stringify(state);
}

export function decodeJournalState(text: string): JournalState {
  return JSON.parse(text) as JournalState;
}

import type { ActivityRecord, EntryId, TrashedEntry, VersionId, VersionState, WorkspaceId } from "@satchel/protocol";
import type { Author, EntryChange, FeedPosition } from "./tree-store.ts";

/** What was: old versions, deleted entries, and taking them back. All of it is kept for the retention time, then pruned by maintenance. */
export interface HistoryStore {
  /** Versions of an entry, living or deleted, newest first. `after` is the `next` of the page before. @throws not_found */
  listVersions(query: {
    id: EntryId;
    after: string | undefined;
    limit: number;
  }): Promise<{ versions: VersionState[]; next: string | null }>;
  /** Entries that were deleted themselves (not what lay below a deleted folder), newest first. */
  listTrash(query: {
    workspaceId: WorkspaceId;
    after: string | undefined;
    limit: number;
    retentionMs: number;
  }): Promise<{ entries: TrashedEntry[]; next: string | null }>;
  /**
   * What was done to an entry, or in a folder (as it is now) at any depth, newest first, as far back as the journal reaches. Looks at a bounded part of the journal: a page may have fewer records than
   * the limit, and still not be the last. @throws not_found
   */
  listActivity(query: {
    workspaceId: WorkspaceId;
    within: EntryId;
    after: string | undefined;
    limit: number;
  }): Promise<{ records: ActivityRecord[]; next: string | null }>;
  /** What {@link restore} would do; nothing changes. @throws not_found */
  previewRestore(request: Omit<RestoreCommand, "idempotency">): Promise<RestoreOutcome>;
  /**
   * Makes an old version of a file the newest one (as a new version), brings a deleted entry back (to its place; its deleted ancestors come back too, without their other contents; a name taken meanwhile gives
   * `NAME (Restored).EXT`), or with `atMs` takes a folder back to that instant: what was created since goes to the trash, what was changed, moved or deleted since is as it was. Moves no bytes.
   * @throws not_found
   */
  restore(request: RestoreCommand): Promise<RestoreOutcome>;
}

export interface RestoreCommand {
  readonly id: EntryId;
  readonly author: Author;
  readonly versionId: VersionId | undefined;
  readonly atMs: number | undefined;
  /** As in `CommitBatch`: repeating a key gives the first answer, with empty `changes`, and changes nothing. */
  readonly idempotency: { readonly key: string; readonly requestHash: string } | undefined;
  readonly nowMs: number;
}

export interface RestoreOutcome {
  readonly path: string;
  readonly before: FeedPosition;
  readonly after: FeedPosition;
  /** The first {@link maxToldChanges} of them. */
  readonly changes: readonly EntryChange[];
  /** How many entries changed. */
  readonly restored: number;
}

/** A restored folder may hold any number of entries: more changes than this are counted, not told. */
export const maxToldChanges = 1000;

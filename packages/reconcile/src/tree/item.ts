import type { EntryId, EntryType, VersionHash, VersionId } from "@satchel/protocol";

/** What all three trees tell of an entry. The root folder is in all three trees, always, with `parentId` null. */
export interface Item {
  readonly id: EntryId;
  readonly parentId: EntryId | null;
  readonly name: string;
  readonly type: EntryType;
  /** Of a file its version hash, of a link the hash of its target, of a folder null. */
  readonly contentHash: VersionHash | null;
  readonly sizeBytes: number;
  /** Milliseconds since 1970; 0 for folders, whose times are not kept in step. */
  readonly modifiedMs: number;
  readonly executable: boolean;
  readonly linkTarget: string | null;
}

/** An entry as the server last told it. */
export interface RemoteItem extends Item {
  /** Null for folders. */
  readonly versionId: VersionId | null;
  readonly conflictOf: EntryId | null;
}

/** An entry as the disk last showed it. */
export interface LocalItem extends Item {
  /** `unknown`: the file changed and was not read since; its `contentHash` is not to be trusted. */
  readonly content: "known" | "unknown";
  /** The entry that this one is a conflicted copy of, when it was set aside as one on this device. */
  readonly conflictOf: EntryId | null;
}

/** An entry as both sides last agreed on: the common base. */
export interface SyncedItem extends Item {
  readonly versionId: VersionId | null;
}

/**
 * One tree. An item may be there whose chain of parents is broken or gone: it is not *reachable*, and counts as absent (a deleted folder takes all below it along
 * without a word on each). A folder that appears, or appears again, appears empty: what was left below its id is pruned first, and counts as changed.
 */
export interface Tree<T extends Item> {
  find(id: EntryId): T | undefined;
  /** The child of that name. */
  findChild(parentId: EntryId, name: string): T | undefined;
  children(parentId: EntryId): Iterable<T>;
}

/** What the planner decides from. `changed` names every entry of which remote and synced, or local and synced, may differ, and every local one of unknown content; not those that differ only in that a parent was deleted. */
export interface Trees {
  readonly rootId: EntryId;
  readonly remote: Tree<RemoteItem>;
  readonly local: Tree<LocalItem>;
  readonly synced: Tree<SyncedItem>;
  readonly changed: Iterable<EntryId>;
}

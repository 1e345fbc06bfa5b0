import type { EntryId } from "@satchel/protocol";
import type { Place } from "../tree/place.ts";

/** Only the books change: what both sides have is written down as agreed. */
export type BookOperation =
  /** Local and remote are equal in one aspect at least in which synced is not: synced becomes `agreedItem` (which is not all of remote while another aspect is still under way). */
  | { readonly do: "agree"; readonly id: EntryId }
  /**
   * Synced forgets it and all below it; rows of the local and the remote tree that lie below it and can't be reached are pruned. It may be alive on one side (a folder deleted on one, moved on the
   * other): all of it is new there from now on, and counts as changed.
   */
  | { readonly do: "forget"; readonly id: EntryId }
  /**
   * The local entry and the remote one are the same thing, made twice: the local one takes the remote id. So does its row in synced, if it has one, in place of a row that the remote id
   * has; children follow, in both trees.
   */
  | { readonly do: "adopt"; readonly id: EntryId; readonly remoteId: EntryId };

/** Reads the file, learns its content, and sees to it that the server has its chunks. */
export interface IngestOperation {
  readonly do: "ingest";
  readonly id: EntryId;
}

/** Changes the disk. Each expects the local tree's record of the entry to be what the disk still shows. */
export type LocalOperation =
  | { readonly do: "make_folder"; readonly id: EntryId; readonly place: Place }
  /** Brings a file's or link's content from the server: a new entry at `place`, or new content where the local entry is. */
  | { readonly do: "fetch"; readonly id: EntryId; readonly place: Place }
  /** Time and mode as remote has them. */
  | { readonly do: "set_attributes"; readonly id: EntryId; readonly modifiedMs: number; readonly executable: boolean }
  | { readonly do: "move_local"; readonly id: EntryId; readonly place: Place }
  /** Out of the way for a moment, into the engine's own folder (its parent is `limboId` then), to break a cycle of names. */
  | { readonly do: "move_to_limbo"; readonly id: EntryId }
  /**
   * The local content loses its place to the remote one, and is kept as a conflicted copy: renamed on disk to the first conflict name that is free in both trees. `split`: the copy becomes a new
   * entry (id chosen by the executor), the local tree has `id` no more, and synced forgets it in the same transaction; otherwise the entry keeps its id and only takes the new name.
   */
  | { readonly do: "set_aside"; readonly id: EntryId; readonly split: boolean; readonly conflictOf: EntryId | null }
  /** The file, link, or folder with everything in it; whatever in it is not as the local tree tells stays, with its parents. */
  | { readonly do: "delete_local"; readonly id: EntryId };

/** Asks the server for a change, in the order of the plan. */
export type RemoteOperation =
  | { readonly do: "create_remote"; readonly id: EntryId; readonly place: Place }
  | { readonly do: "edit_remote"; readonly id: EntryId }
  | { readonly do: "touch_remote"; readonly id: EntryId; readonly modifiedMs: number; readonly executable: boolean }
  | { readonly do: "move_remote"; readonly id: EntryId; readonly place: Place; readonly base: Place }
  | { readonly do: "delete_remote"; readonly id: EntryId };

export type Operation = BookOperation | IngestOperation | LocalOperation | RemoteOperation;

/**
 * What to do now. `books` come first and at once; `ingest` in any order; `local` in order, as far as one depends on another (a folder before what goes into it, a name freed before it is taken, deletions last), where fetches may
 * run side by side; `remote` in order. What must wait for these is planned when they are done: an empty plan for trees that differ means that the rest waits for `ingest`, or can't be done.
 */
export interface Plan {
  readonly books: readonly BookOperation[];
  readonly ingest: readonly IngestOperation[];
  readonly local: readonly LocalOperation[];
  readonly remote: readonly RemoteOperation[];
}

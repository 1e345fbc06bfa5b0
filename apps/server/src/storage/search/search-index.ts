import type { EntryId, FileKind, VersionHash, WorkspaceId } from "@satchel/protocol";
import type { FeedPosition } from "../metadata/tree-store.ts";

/** What is kept of an entry, to find it by. */
export interface IndexedEntry {
  readonly id: EntryId;
  readonly parentId: EntryId;
  readonly name: string;
  readonly kind: FileKind;
  readonly sizeBytes: number;
  /** Null for folders. */
  readonly modifiedMs: number | null;
  /** The version whose text it is to be found by too; null where there is none to be read. */
  readonly content: VersionHash | null;
}

/** A file whose text isn't here yet, or is another version's. */
export interface UnreadEntry {
  readonly id: EntryId;
  readonly name: string;
  readonly kind: FileKind;
  readonly sizeBytes: number;
  /** Null: what was read of it is to be dropped. */
  readonly content: VersionHash | null;
}

/** What was read of one version of a file. */
export interface ReadText {
  readonly id: EntryId;
  readonly content: VersionHash | null;
  /** Null where there is no text in it. */
  readonly text: { readonly pieces: readonly string[]; readonly kept: string } | null;
}

/** One step of bringing a workspace's part up to date, all or nothing. */
export interface IndexUpdate {
  readonly workspaceId: WorkspaceId;
  /** Where the index stood when the step was worked out; it is left alone when that is no longer so, and `apply` answers false. */
  readonly before: FeedPosition | undefined;
  readonly put: readonly IndexedEntry[];
  readonly remove: readonly EntryId[];
  readonly after: FeedPosition;
}

/** Which entries may be worth a look. */
export interface CandidateQuery {
  readonly workspaces: readonly WorkspaceId[];
  /** Whether the pieces are of names, or of texts and names together. */
  readonly of: "names" | "texts";
  /** Has all pieces of one of these; undefined: any entry. At least one. */
  readonly anyOf: readonly (readonly string[])[] | undefined;
  /** Hasn't all of these; undefined: whatever it has. */
  readonly not: readonly string[] | undefined;
  readonly kinds: readonly FileKind[] | undefined;
  readonly size: NumberRange;
  readonly modifiedMs: NumberRange;
  /** Only places below this one; undefined: from the last one on. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** Both ends included; undefined is open. */
export interface NumberRange {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

export interface Candidate {
  readonly id: EntryId;
  readonly place: number;
  readonly name: string;
  /** The version whose text is here; null for none. */
  readonly read: VersionHash | null;
}

export interface CandidatePage {
  /** What was named last comes first. */
  readonly candidates: readonly Candidate[];
  /** Where to go on; null at the end. A page may be empty and not the last one. */
  readonly next: number | null;
}

/**
 * Names and texts, to find entries by. Texts and their pieces are sealed: whoever has the database without the server's key reads neither words nor texts. It follows the metadata store, from which it can be made again at any time: it may be behind and hold what is gone, so whoever asks compares what it gives with the truth. Knows nothing of rights. Each method
 * is one transaction; nothing has to be durable, but what is there is whole.
 */
export interface SearchIndex {
  /** Up to where each workspace's feed is known here; undefined where none of it is. */
  positions(workspaceIds: readonly WorkspaceId[]): Promise<(FeedPosition | undefined)[]>;
  /** Answers whether it was done. An entry that is put again takes the place of the old one, and a new place when its name is new. */
  apply(update: IndexUpdate): Promise<boolean>;
  /** Entries that lie in these folders themselves, by id after `after`. */
  listChildren(query: {
    readonly workspaceId: WorkspaceId;
    readonly parents: readonly EntryId[];
    readonly after: EntryId | undefined;
    readonly limit: number;
  }): Promise<{ readonly id: EntryId; readonly isFolder: boolean }[]>;
  /** Removes entries and leaves the position. */
  remove(workspaceId: WorkspaceId, ids: readonly EntryId[]): Promise<void>;
  /** Forgets a part of a workspace, its position first; answers whether there is more. */
  forget(workspaceId: WorkspaceId, limit: number): Promise<{ readonly more: boolean }>;
  /** Workspaces that it knows of, by id after `after`. */
  listWorkspaces(query: { readonly after: WorkspaceId | undefined; readonly limit: number }): Promise<WorkspaceId[]>;
  /** Files whose texts are to be read, the latest first, those below this place. */
  listUnread(query: {
    readonly before: number | undefined;
    readonly limit: number;
  }): Promise<readonly (UnreadEntry & { readonly place: number })[]>;
  /** Does more than this wait to be read in these workspaces? */
  hasUnread(workspaces: readonly WorkspaceId[], moreThan: number): Promise<boolean>;
  /** Takes texts in, of those that are still wanted. */
  putTexts(texts: readonly ReadText[]): Promise<void>;
  /** What is kept of these texts, undefined where there is none. */
  textsOf(ids: readonly EntryId[]): Promise<(string | undefined)[]>;
  candidates(query: CandidateQuery): Promise<CandidatePage>;
  close(): Promise<void>;
}

import type { AccountId, EntryId, WorkspaceId } from "@satchel/protocol";

export interface NewComment {
  readonly fileId: EntryId;
  readonly id: string;
  /** Its own id for one that begins a thread. */
  readonly threadId: string;
  readonly accountId: AccountId;
  readonly sealedText: string;
  /** What the thread is about; null for answers, and for what is about the file as a whole. */
  readonly sealedPassage: string | null;
  readonly atMs: number;
}

export interface StoredComment {
  readonly id: string;
  readonly threadId: string;
  /** Null when the account is gone. */
  readonly accountId: AccountId | null;
  readonly author: string | null;
  /** Null when it was taken back, or its author is gone. */
  readonly sealedText: string | null;
  readonly sealedPassage: string | null;
  /** Of the thread, told with its first comment. */
  readonly isResolved: boolean;
  readonly resolvedBy: string | null;
  readonly atMs: number;
}

export interface CommentKey {
  readonly fileId: EntryId;
  readonly id: string;
}

/** What people say about files. It goes where its file goes: into a shared folder, and away with it. The store can't read the words. */
export interface CommentStore {
  /** All of a file's, in the order in which they were made. */
  list(fileId: EntryId): Promise<StoredComment[]>;
  /**
   * Repeated by its author, it changes nothing, and answers false.
   * @throws not_found for a file or thread that isn't there, and for an author who is gone; id_taken; limit_exceeded when the file has `maxOfFile`
   */
  add(comment: NewComment, maxOfFile: number): Promise<boolean>;
  /** `by`: null for a thread that isn't dealt with any more. False when it is so already. @throws not_found */
  setResolved(thread: CommentKey, change: { readonly by: AccountId | null; readonly nowMs: number }): Promise<boolean>;
  /** Takes back a comment; its words are gone at once, and a thread of which nothing is left goes with it. False when it was gone already. */
  remove(comment: CommentKey): Promise<boolean>;
  /** Where the words of threads are by now; what is gone meanwhile is passed over. */
  putPassages(
    fileId: EntryId,
    passages: readonly { readonly threadId: string; readonly sealedPassage: string }[],
  ): Promise<void>;
  /** What an account said, in all workspaces, page by page. */
  listOf(query: { readonly accountId: AccountId; readonly after: string | undefined; readonly limit: number }): Promise<
    readonly (Pick<StoredComment, "id" | "threadId" | "sealedText" | "atMs"> & {
      readonly workspaceId: WorkspaceId;
      readonly fileId: EntryId;
    })[]
  >;
}

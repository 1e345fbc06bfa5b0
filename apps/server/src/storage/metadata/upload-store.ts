import type { AccountId, EntryId, WorkspaceId } from "@satchel/protocol";

/** Where a file that was announced by an upload request will stand, once it is committed. */
export interface PendingUpload {
  /** The id that the commit will create; its workspace is part of it. */
  readonly fileId: EntryId;
  readonly workspaceId: WorkspaceId;
  readonly accountId: AccountId;
  readonly parentId: EntryId;
  readonly name: string;
  readonly expiresAtMs: number;
}

/** Announced new files between `upload_request` and `commit`. They survive a restart, and are given up when they expire (maintenance's `dropExpired` deletes them). */
export interface UploadStore {
  /** Remembers the upload; one with the same `fileId` is replaced. */
  put(upload: PendingUpload): Promise<void>;
  /** Undefined when it was never announced, was dropped, or expires at or before `nowMs`. */
  find(fileId: EntryId, nowMs: number): Promise<PendingUpload | undefined>;
  /** Nothing happens when there is none. */
  drop(fileId: EntryId): Promise<void>;
}

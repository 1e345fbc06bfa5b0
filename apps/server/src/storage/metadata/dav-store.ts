import type { AccountId, EntryId, WorkspaceId } from "@satchel/protocol";

/** The most properties of one entry, and the most characters of all their values together. */
export const maxDavProperties = 200;
export const maxDavPropertyLength = 128 * 1024;
/** The most characters of all properties, with their names, in the workspaces that one account owns. */
export const maxDavCharactersOfAccount = 64 * 1024 * 1024;
/** The most locks of one workspace, which are read for each change in it; and of these the most that hold the same, which are told for each entry. */
export const maxDavLocks = 1000;
export const maxDavLocksTogether = 20;
/** The most uploads in parts of one workspace at a time, and the most parts of one. */
export const maxDavUploads = 200;
export const maxUploadParts = 10_000;

/** A property that a program keeps with an entry, by namespace and name. */
export interface DavPropertyName {
  readonly namespace: string;
  readonly name: string;
}

/** With its value, an XML element as text. */
export interface DavProperty extends DavPropertyName {
  readonly value: string;
}

/** A lease on a path of a workspace, which programs that speak WebDAV respect among themselves. */
export interface DavLock {
  readonly workspaceId: WorkspaceId;
  readonly token: string;
  /** From the workspace's root, such as `/docs/a.txt`; empty for the root itself. There need not be anything. */
  readonly path: string;
  /** Whether everything below is locked too. */
  readonly isDeep: boolean;
  /** Else it is shared: others may have shared ones beside it. */
  readonly isExclusive: boolean;
  /** What the program says of its user, as XML elements and text. */
  readonly owner: string;
  readonly accountId: AccountId;
  readonly endsAtMs: number;
}

/** What WebDAV knows of a workspace beyond its tree. Locks that have ended are never told. */
export interface DavStore {
  /** Of these entries of one workspace. */
  listProperties(
    workspaceId: WorkspaceId,
    ids: readonly EntryId[],
  ): Promise<(DavProperty & { readonly entryId: EntryId })[]>;
  /** In order, all or none. @throws limit_exceeded beyond {@link maxDavProperties}, {@link maxDavPropertyLength} and {@link maxDavCharactersOfAccount} */
  patchProperties(entryId: EntryId, changes: readonly DavPropertyChange[]): Promise<void>;
  /** The other entry has the same properties afterwards, and no more. @throws limit_exceeded */
  copyProperties(copy: { readonly from: EntryId; readonly to: EntryId }): Promise<void>;
  listLocks(workspaceId: WorkspaceId, nowMs: number): Promise<DavLock[]>;
  /** Answers a lock that stands against it, and adds nothing then. @throws limit_exceeded, not_found */
  addLock(lock: DavLock, nowMs: number): Promise<DavLock | undefined>;
  /** False when the lock has ended. */
  prolongLock(lock: Pick<DavLock, "workspaceId" | "token" | "endsAtMs">, nowMs: number): Promise<boolean>;
  removeLocks(workspaceId: WorkspaceId, tokens: readonly string[]): Promise<void>;
  /** When something last changed at or below these folders of one workspace, in their order. What changed since they were last asked for is taken from the journal first. @throws not_found */
  folderStamps(workspaceId: WorkspaceId, folders: readonly EntryId[]): Promise<FolderStamps>;
  /** Begins an upload in parts; one that is known goes on, for no longer than before. @throws limit_exceeded beyond {@link maxDavUploads} */
  beginUpload(
    upload: DavUpload & { readonly endsAtMs: number; readonly about?: string | undefined },
    nowMs: number,
  ): Promise<void>;
  isUploading(upload: DavUpload, nowMs: number): Promise<boolean>;
  /** In the place of a part of the same name. False where there is no such upload. @throws limit_exceeded beyond {@link maxUploadParts}, body_too_large when the file would have more chunks than a manifest holds */
  putPart(upload: DavUpload, part: UploadPart, nowMs: number): Promise<boolean>;
  /** By name; undefined where there is no such upload. */
  listParts(upload: DavUpload, nowMs: number): Promise<Omit<UploadPart, "packedChunks">[] | undefined>;
  /** With their chunks: 36 MiB at most in all. */
  readParts(upload: DavUpload, nowMs: number): Promise<UploadPart[] | undefined>;
  endUpload(upload: DavUpload): Promise<void>;
  /** What is known of an upload that hasn't ended; undefined where there is none. */
  findUpload(upload: DavUpload, nowMs: number): Promise<FoundUpload | undefined>;
  /** Adds what comes next, unless something else came there already. @throws as putPart */
  appendPart(
    upload: DavUpload,
    part: Omit<UploadPart, "name"> & { readonly offsetBytes: number },
    nowMs: number,
  ): Promise<"added" | "elsewhere" | "ended">;
  /** Its file is there: the parts go, what is known of it stays until the new end. */
  settleUpload(upload: DavUpload, settled: { readonly about: string; readonly endsAtMs: number }): Promise<void>;
}

/** Numbers that only grow while the epoch stays the same: one that is another says that something below is. */
export interface FolderStamps {
  readonly epoch: string;
  readonly stamps: readonly FolderStamp[];
}

export interface FolderStamp {
  readonly sequence: number;
  /** When that change was made. */
  readonly atMs: number;
}

/** A file that is sent in parts, for a workspace that holds their chunks. */
export interface DavUpload {
  readonly workspaceId: WorkspaceId;
  /** Chosen by the program. */
  readonly uploadId: string;
}

export interface FoundUpload {
  readonly about: string | null;
  readonly isDone: boolean;
  readonly endsAtMs: number;
  /** What came so far; 0 when it is done. */
  readonly storedBytes: number;
}

export interface UploadPart {
  readonly name: string;
  readonly sizeBytes: number;
  /** 36 bytes a chunk. */
  readonly packedChunks: Uint8Array;
}

/** Without a value the property goes. */
export interface DavPropertyChange extends DavPropertyName {
  readonly value: string | undefined;
}

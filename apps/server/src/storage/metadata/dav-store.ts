import type { AccountId, EntryId, WorkspaceId } from "@satchel/protocol";

/** The most properties of one entry, and the most characters of all their values together. */
export const maxDavProperties = 200;
export const maxDavPropertyLength = 128 * 1024;
/** The most characters of all properties, with their names, in the workspaces that one account owns. */
export const maxDavCharactersOfAccount = 64 * 1024 * 1024;
/** The most locks of one workspace, which are read for each change in it; and of these the most that hold the same, which are told for each entry. */
export const maxDavLocks = 1000;
export const maxDavLocksTogether = 20;

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
}

/** Without a value the property goes. */
export interface DavPropertyChange extends DavPropertyName {
  readonly value: string | undefined;
}

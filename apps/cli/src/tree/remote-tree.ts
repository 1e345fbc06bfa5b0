import { randomBytes } from "node:crypto";
import { idPartBytes, makeEntryId, ProblemError, rootEntryId, workspaceOfEntry } from "@satchel/protocol";
import type { CommitOperation, EntryId, EntryType, ListedEntry, WorkspaceId } from "@satchel/protocol";
import type { Session } from "../home/session.ts";
import { formatRemotePath } from "./remote-path.ts";

export interface FoundEntry {
  readonly id: EntryId;
  readonly type: EntryType;
  /** The shared workspace that stands in the folder's place. */
  readonly mounts?: WorkspaceId;
}

/** Undefined when there is no such living entry. */
export async function findEntry({ api, login }: Session, names: readonly string[]): Promise<FoundEntry | undefined> {
  if (names.length === 0) return { id: rootEntryId(login.workspaceId), type: "folder" };
  try {
    const { file_id: id, type, mounts } = await api.resolve(formatRemotePath(names));
    return { id, type, ...(mounts !== undefined && { mounts }) };
  } catch (error) {
    if (error instanceof ProblemError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** @throws ProblemError not_found, with the path */
export async function getEntry(session: Session, names: readonly string[]): Promise<FoundEntry> {
  const entry = await findEntry(session, names);
  if (entry) return entry;
  throw new ProblemError("not_found", `there is no ${formatRemotePath(names)} on the server`);
}

/** What takes new entries: of a shared folder, its own root. @throws ProblemError not_found, when it is missing or no folder */
export async function getFolder(session: Session, names: readonly string[]): Promise<EntryId> {
  const { id, type, mounts } = await getEntry(session, names);
  if (mounts !== undefined) return rootEntryId(mounts);
  if (type === "folder") return id;
  throw new ProblemError("not_found", `${formatRemotePath(names)} is not a folder`);
}

/** The entries of a folder, page by page. */
export async function* listFolder({ api }: Session, folderId: EntryId): AsyncGenerator<ListedEntry> {
  let cursor: string | null = null;
  do {
    const page = await api.metadata({ folderId, cursor });
    yield* page.entries ?? [];
    cursor = page.cursor ?? null;
  } while (cursor !== null);
}

/** For a new entry of a folder. */
export function newEntryId(parentId: EntryId): EntryId {
  return makeEntryId(workspaceOfEntry(parentId), randomBytes(idPartBytes));
}

/** Makes one change, based on the server's state of this moment. @throws ProblemError when it is refused */
export async function commitOne({ api }: Session, operation: CommitOperation): Promise<{ versionId: string | null }> {
  const workspaceId = workspaceOfEntry(operation.id);
  const { cursor } = await api.poll({ workspaceId, timeoutSeconds: 0 });
  const request = { workspace_id: workspaceId, seen: cursor, operations: [operation] };
  const { results } = await api.commit(request);
  const [result] = results;
  if (result?.status === "done") return { versionId: result.version_id };
  throw new ProblemError(result?.code ?? "internal", result?.detail);
}

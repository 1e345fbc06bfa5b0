import { randomBytes } from "node:crypto";
import { idPartBytes, makeEntryId, ProblemError, rootEntryId } from "@satchel/protocol";
import type { CommitOperation, EntryId, EntryType, ListedEntry } from "@satchel/protocol";
import type { Session } from "../home/session.ts";
import { formatRemotePath } from "./remote-path.ts";

export interface FoundEntry {
  readonly id: EntryId;
  readonly type: EntryType;
}

/** Undefined when there is no such living entry. */
export async function findEntry({ api, login }: Session, names: readonly string[]): Promise<FoundEntry | undefined> {
  if (names.length === 0) return { id: rootEntryId(login.workspaceId), type: "folder" };
  try {
    const { file_id: id, type } = await api.resolve(formatRemotePath(names));
    return { id, type };
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

/** @throws ProblemError not_found, when it is missing or no folder */
export async function getFolder(session: Session, names: readonly string[]): Promise<EntryId> {
  const { id, type } = await getEntry(session, names);
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

export function newEntryId({ login }: Session): EntryId {
  return makeEntryId(login.workspaceId, randomBytes(idPartBytes));
}

/** Makes one change, based on the server's state of this moment. @throws ProblemError when it is refused */
export async function commitOne(
  { api, login }: Session,
  operation: CommitOperation,
): Promise<{ versionId: string | null }> {
  const { cursor } = await api.poll({ timeoutSeconds: 0 });
  const request = { workspace_id: login.workspaceId, seen: cursor, operations: [operation] };
  const { results } = await api.commit(request);
  const [result] = results;
  if (result?.status === "done") return { versionId: result.version_id };
  throw new ProblemError(result?.code ?? "internal", result?.detail);
}

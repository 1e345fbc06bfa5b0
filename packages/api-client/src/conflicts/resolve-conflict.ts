import {
  ProblemError,
  workspaceOfEntry,
  type CommitOperation,
  type ConflictedCopy,
  type Cursor,
  type EntryId,
  type Metadata,
  type VersionId,
} from "@satchel/protocol";
import type { ApiClient } from "../requests/api-client.ts";
import { plainNames } from "./plain-name.ts";

/**
 * What is kept of a conflict. The file that has the name is *theirs*, the conflicted copy beside it *mine*; `both` stay, as two ordinary files; `merged` is a third content, that somebody made of the two.
 */
export type Kept = "mine" | "theirs" | "both" | "merged";

/** The calls that it takes. */
export type ConflictCalls = Pick<
  ApiClient,
  "metadata" | "uploadRequest" | "commitFile" | "poll" | "commit" | "restore"
>;

/** One of the steps that take a resolution back. */
export type UndoStep =
  /** Out of the trash, or to an older version. */
  | { readonly do: "restore"; readonly id: EntryId; readonly path: string; readonly version?: VersionId }
  /** Back to the name of a conflicted copy, which it then is again. */
  | { readonly do: "move"; readonly operation: CommitOperation & { readonly op: "move" } };

/** What came of a conflict, and what takes it back, in order. */
export interface Resolution {
  /** Where what was kept is. */
  readonly path: string;
  readonly undo: readonly UndoStep[];
}

/** A file with a content, as it is now. */
export type WithVersion = Metadata & { readonly latest_version: VersionId };

/** Makes a content a new version of a file, from the version that is named. */
export type Replace = (original: WithVersion) => Promise<void>;

/**
 * Resolves one conflict, for everybody: all devices hear of it as of any other change. Nothing is done away with for good: what isn't kept is a version, or in the trash. Done again after it was interrupted, it goes on where it was.
 *
 * @throws ProblemError version_conflict when somebody saved one of the sides since a merge of them was made; changed_since when the copy was saved while this went on
 */
export async function resolveConflict(
  api: ConflictCalls,
  conflict: ConflictedCopy,
  { keep, replace }: { readonly keep: Kept; readonly replace?: Replace },
): Promise<Resolution> {
  const { path, file_id: id, original_path: originalPath } = conflict;
  // From before it is looked at: a copy that is edited after that is not taken away.
  const seen = await cursorOf(api, id);
  const copy = await api.metadata({ fileId: id });
  if (keep === "merged" && conflict.mine !== null && copy.latest_version !== conflict.mine.version)
    throw new ProblemError("version_conflict", "the conflicted copy was edited after it was merged");
  if (keep === "both") return rename(api, conflict, copy);
  const original = await findMetadata(api, conflict.original_id);
  const copyBack: UndoStep = { do: "restore", id, path };
  if (keep === "theirs") {
    await commitOne(api, { op: "delete", id }, seen);
    return { path: originalPath ?? path, undo: [copyBack] };
  }
  if (original === undefined || originalPath === null) {
    if (replace && hasVersion(copy)) await replace(copy);
    return rename(api, conflict, copy);
  }
  if (!hasVersion(original) || original.type !== "file" || copy.type !== "file") {
    if (replace) throw new ProblemError("bad_request", "only two files can be merged");
    // A folder, a link and a file can't become versions of one another: the copy takes the place.
    await commitOne(api, { op: "delete", id: original.file_id });
    const { path: now, undo } = await rename(api, conflict, copy);
    return { path: now, undo: [...undo, { do: "restore", id: original.file_id, path: originalPath }] };
  }
  if (replace) await replace(original);
  else await takeContent(api, original, copy);
  await commitOne(api, { op: "delete", id }, seen);
  const before = { id: original.file_id, path: originalPath, version: original.latest_version };
  return { path: originalPath, undo: [{ do: "restore", ...before }, copyBack] };
}

/** Takes a resolution back, step by step: both sides are there again as they were, and wait to be resolved. */
export async function undoResolution(api: ConflictCalls, { undo }: Pick<Resolution, "undo">): Promise<void> {
  for (const step of undo) {
    if (step.do === "move") await commitOne(api, step.operation);
    else await api.restore({ file_id: step.id, ...(step.version !== undefined && { version_id: step.version }) });
  }
}

function hasVersion(entry: Metadata): entry is WithVersion {
  return entry.latest_version !== null;
}

/** The copy's content becomes the file's newest version; its chunks are on the server already. */
async function takeContent(api: ConflictCalls, original: WithVersion, copy: Metadata): Promise<void> {
  const { version_hash, chunk_hashes, chunk_sizes, executable, modified } = copy;
  if (version_hash === null || version_hash === original.version_hash) return;
  const { file_id, name, parent_folder_id, latest_version: base_version_id } = original;
  await api.uploadRequest({
    parent_folder_id: parent_folder_id ?? "root",
    file_name: name,
    file_size: copy.size,
    chunk_hashes,
    chunk_sizes,
    file_id,
  });
  const content = { version_hash, chunk_hashes, executable, ...(modified !== null && { modified }) };
  await api.commitFile({ file_id, base_version_id, ...content });
}

/** Gives the copy the first ordinary name that is free, with which it is a copy no more. */
async function rename(api: ConflictCalls, conflict: ConflictedCopy, copy: Metadata): Promise<Resolution> {
  const { path } = conflict;
  const { file_id: id, name: copyName } = copy;
  const parentId = copy.parent_folder_id as EntryId;
  const move = { op: "move", id, parent_id: parentId, base_parent_id: parentId } as const;
  const mark = {
    conflict_of: conflict.original_id,
    ...(conflict.base !== null && { conflict_base: conflict.base.version }),
  };
  for (const name of plainNames(copyName)) {
    try {
      await commitOne(api, { ...move, name, base_name: copyName });
      const back = { ...move, name: copyName, base_name: name, ...mark };
      return {
        path: path.slice(0, path.length - copyName.length) + name,
        undo: [{ do: "move", operation: back }],
      };
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === "name_taken")) throw error;
    }
  }
  throw new ProblemError("name_taken", `there are too many files named like ${path}`);
}

async function findMetadata(api: ConflictCalls, fileId: EntryId): Promise<Metadata | undefined> {
  try {
    return await api.metadata({ fileId });
  } catch (error) {
    if (error instanceof ProblemError && error.code === "not_found") return undefined;
    throw error;
  }
}

async function cursorOf(api: ConflictCalls, id: EntryId): Promise<Cursor> {
  return (await api.poll({ workspaceId: workspaceOfEntry(id), timeoutSeconds: 0 })).cursor;
}

/** Makes one change, based on what was seen; left out: the server's state of this moment. @throws ProblemError when it is refused */
async function commitOne(api: ConflictCalls, operation: CommitOperation, seen?: Cursor): Promise<void> {
  const workspaceId = workspaceOfEntry(operation.id);
  const cursor = seen ?? (await cursorOf(api, operation.id));
  const { results } = await api.commit({ workspace_id: workspaceId, seen: cursor, operations: [operation] });
  const [result] = results;
  if (result?.status !== "done") throw new ProblemError(result?.code ?? "internal", result?.detail);
}

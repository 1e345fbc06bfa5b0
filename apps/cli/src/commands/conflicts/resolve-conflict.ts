import { ProblemError, type ConflictedCopy, type EntryId, type Metadata, type VersionId } from "@satchel/protocol";
import type { Session } from "../../home/session.ts";
import { commitOne, findMetadata } from "../../tree/remote-tree.ts";
import { plainNames } from "./plain-name.ts";

/**
 * What is kept of a conflict. The file that has the name is *theirs*, the conflicted copy beside it *mine*; `both` stay, as two ordinary files; `merged` is a third content, that somebody made of the two.
 */
export type Kept = "mine" | "theirs" | "both" | "merged";

/** What came of a conflict, and what takes it back. */
export interface Resolution {
  /** Where what was kept is. */
  readonly path: string;
  /** The version that was the latest before, if another one is now. */
  readonly replacedVersion?: VersionId;
  /** Where the copy was, if it is in the trash now. */
  readonly removed?: string;
}

/** Makes a content a new version of a file, from the version that is named. */
export type Replace = (original: Metadata & { latest_version: VersionId }) => Promise<void>;

/**
 * Resolves one conflict, for everybody: all devices hear of it as of any other change. Nothing is done away with for good: what isn't kept is a version, or in the trash. Done again after it was interrupted, it goes on where it was.
 *
 * @throws ProblemError version_conflict when somebody saved the file meanwhile
 */
export async function resolveConflict(
  session: Session,
  conflict: ConflictedCopy,
  { keep, replace }: { readonly keep: Kept; readonly replace?: Replace },
): Promise<Resolution> {
  const { path, file_id: id } = conflict;
  const copy = await session.api.metadata({ fileId: id });
  if (keep === "both") return { path: await rename(session, path, copy) };
  const original = await findMetadata(session, conflict.original_id);
  if (keep === "theirs") {
    await commitOne(session, { op: "delete", id });
    return { path: conflict.original_path ?? path, removed: path };
  }
  if (original === undefined || conflict.original_path === null) {
    if (replace && hasVersion(copy)) await replace(copy);
    return { path: await rename(session, path, copy) };
  }
  if (!hasVersion(original) || original.type !== "file" || copy.type !== "file") {
    if (replace) throw new ProblemError("bad_request", "only two files can be merged");
    // A folder, a link and a file can't become versions of one another: the copy takes the place.
    await commitOne(session, { op: "delete", id: original.file_id });
    return { path: await rename(session, path, copy), removed: conflict.original_path };
  }
  if (replace) await replace(original);
  else await takeContent(session, original, copy);
  await commitOne(session, { op: "delete", id });
  return { path: conflict.original_path, replacedVersion: original.latest_version, removed: path };
}

function hasVersion(entry: Metadata): entry is Metadata & { latest_version: VersionId } {
  return entry.latest_version !== null;
}

/** The copy's content becomes the file's newest version; its chunks are on the server already. */
async function takeContent(
  { api }: Session,
  original: Metadata & { latest_version: VersionId },
  copy: Metadata,
): Promise<void> {
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

/** Gives the copy the first ordinary name that is free, with which it is a copy no more. Answers its path. */
async function rename(session: Session, path: string, copy: Metadata): Promise<string> {
  const parentId = copy.parent_folder_id as EntryId;
  const place = { id: copy.file_id, parent_id: parentId, base_parent_id: parentId, base_name: copy.name };
  for (const name of plainNames(copy.name)) {
    try {
      await commitOne(session, { op: "move", ...place, name });
      return path.slice(0, path.length - copy.name.length) + name;
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === "name_taken")) throw error;
    }
  }
  throw new ProblemError("name_taken", `there are too many files named like ${path}`);
}

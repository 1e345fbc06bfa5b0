import type { ConflictedCopy, VersionState } from "@satchel/protocol";
import type { Entry } from "../../data/files/entry.ts";

/** The three states of a conflict: the copy, what has the name, and what both were made from. */
export type Side = "mine" | "theirs" | "base";

/** Undefined for a folder, for what is deleted, and for a base that isn't known. */
export function sideOf(conflict: ConflictedCopy, side: Side): VersionState | undefined {
  return conflict[side] ?? undefined;
}

/** A side as an entry that can be shown, under the original's name, which says what kind of file it is. */
export function entryOfSide(conflict: ConflictedCopy, side: Side): Entry | undefined {
  const version = sideOf(conflict, side);
  if (!version) return undefined;
  return {
    id: side === "mine" ? conflict.file_id : conflict.original_id,
    name: nameOfPath(conflict.original_path ?? conflict.path),
    type: side === "mine" ? conflict.type : (conflict.original_type ?? conflict.type),
    latest_version: version.version,
    size: version.size,
    modified: version.modified,
    version_hash: version.version_hash,
    executable: version.executable,
    link_target: null,
    conflict_of: null,
  };
}

export function nameOfPath(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

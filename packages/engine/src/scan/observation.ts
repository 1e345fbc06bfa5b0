import { hash as cryptoHash } from "node:crypto";
import type { EntryId, VersionHash } from "@satchel/protocol";
import type { DiskStat } from "../ports/disk.ts";
import type { LocalRecord } from "../state/state-store.ts";

/** What the disk shows at one name of a folder; `stat` is null when there is nothing. */
export interface Observation {
  readonly name: string;
  readonly stat: DiskStat | null;
}

/** The record of an entry that the disk shows at a place, made from what was known of it (if anything) and its stat. */
export function recordOf(
  known: LocalRecord | undefined,
  place: { id: EntryId; parentId: EntryId; name: string },
  stat: DiskStat,
): LocalRecord {
  const unchanged = known !== undefined && known.content === "known" && isSameContent(known, stat);
  return {
    ...place,
    type: stat.type as LocalRecord["type"],
    contentHash: stat.linkTarget !== null ? linkContentHash(stat.linkTarget) : unchanged ? known.contentHash : null,
    content: stat.type !== "file" || unchanged ? "known" : "unknown",
    sizeBytes: stat.type === "file" ? stat.sizeBytes : 0,
    modifiedMs: stat.type === "file" ? stat.modifiedMs : 0,
    executable: stat.type === "file" && stat.executable,
    linkTarget: stat.linkTarget,
    conflictOf: known?.conflictOf ?? null,
    inode: stat.inode,
    fingerprint: stat.fingerprint,
    modifiedNs: stat.modifiedNs,
  };
}

/** What a link says takes the place of a content. */
export function linkContentHash(target: string): VersionHash {
  return cryptoHash("sha256", target) as VersionHash;
}

/**
 * Whether the content must be the same as when it was last read. At its place that needs an equal fingerprint, which has the change time in it: what changes a file and puts its
 * size and modification time back is seen. Use {@link isSameAfterMove} for a file that was renamed, which changes the change time.
 */
function isSameContent(known: LocalRecord, stat: DiskStat): boolean {
  return known.inode === stat.inode && known.fingerprint === stat.fingerprint;
}

/** Whether a renamed entry is still the same: inode, size and modification time to the nanosecond. */
export function isSameAfterMove(known: LocalRecord, stat: DiskStat): boolean {
  return (
    known.type === stat.type &&
    known.inode === stat.inode &&
    known.modifiedNs === stat.modifiedNs &&
    (stat.type !== "file" || known.sizeBytes === stat.sizeBytes)
  );
}

/** The record at its new place after a rename. */
export function movedRecord(
  known: LocalRecord,
  place: { parentId: EntryId; name: string },
  stat: DiskStat,
): LocalRecord {
  const kept = isSameAfterMove(known, stat) ? { ...known, fingerprint: stat.fingerprint } : known;
  return recordOf(kept, { id: known.id, ...place }, stat);
}

/**
 * Whether a look told of something else while a slower step was under way, which has `stat` to write down: what that look saw may be the newer of the two, and nobody would tell of it again. [EN92]
 * `before`: the fingerprint that the step began with; null when nothing was there.
 */
export function isSeenAnew(current: LocalRecord | undefined, before: string | null, stat: DiskStat): boolean {
  const seen = current?.fingerprint ?? null;
  return seen !== before && seen !== stat.fingerprint;
}

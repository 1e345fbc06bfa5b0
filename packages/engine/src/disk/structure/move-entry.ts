import { linkSync, lstatSync, readdirSync, renameSync, unlinkSync } from "node:fs";
import { basename, dirname } from "node:path";
import { DiskError, type DiskStat } from "../../ports/disk.ts";
import { isOnlyNamesake } from "../folded-names.ts";
import { systemCode } from "../system-error.ts";
import { mustStatAt } from "./last-look.ts";

/** Where something goes from and to, as absolute paths; `toPath` is for messages. */
interface Move {
  readonly from: string;
  readonly to: string;
  readonly toPath: string;
}

/** What `link` answers where hard links are not to be had: by the file system, for this kind of entry, or any more. */
const noLinkCodes = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV", "EACCES", "EINVAL"]);

/**
 * Renames without ever replacing. A file or link gets its new name first and loses the old one then, because `link`
 * refuses a taken name where `rename` would replace. Folders can't be linked: they are renamed after a look, and what slips in
 * between is safe if it is a file or a filled folder, which `rename` refuses to replace with a folder.
 * @throws DiskError `exists`, and the system's errors
 */
export function moveEntry(move: Move): DiskStat {
  const stats = lstatSync(move.from);
  if (stats.isDirectory()) renameToFreeName(move);
  else moveLinked(move);
  return mustStatAt(move.to, move.toPath);
}

function moveLinked(move: Move): void {
  if (!linkToFreeName(move)) {
    renameToFreeName(move);
    return;
  }
  unlinkSync(move.from);
}

/** Gives a file a second name. False when it has to be renamed instead. @throws DiskError `exists` */
export function linkToFreeName(move: Move): boolean {
  try {
    linkSync(move.from, move.to);
    return true;
  } catch (error) {
    const code = systemCode(error) ?? "";
    if (noLinkCodes.has(code)) return false;
    if (code !== "EEXIST") throw error;
    if (isOtherSpelling(move)) return false;
    throw new DiskError("exists", move.toPath, "something is there already");
  }
}

/** @throws DiskError `exists` */
export function renameToFreeName(move: Move): void {
  const isFree = lstatSync(move.to, { throwIfNoEntry: false }) === undefined || isOtherSpelling(move);
  if (!isFree) throw new DiskError("exists", move.toPath, "something is there already");
  renameSync(move.from, move.to);
}

/**
 * Whether the entry found at `to` is the one at `from`, because the file system takes both spellings (`a`, `A`) for one
 * name. A hard link of that name looks the same, but is listed under it.
 */
function isOtherSpelling({ from, to }: Move): boolean {
  const stats = lstatSync(from, { bigint: true });
  const found = lstatSync(to, { bigint: true, throwIfNoEntry: false });
  if (found === undefined || found.dev !== stats.dev || dirname(from) !== dirname(to)) return false;
  const listed = readdirSync(dirname(to));
  if (listed.includes(basename(to))) return false;
  return found.ino === stats.ino || isOnlyNamesake(listed, { name: basename(from), other: basename(to) });
}

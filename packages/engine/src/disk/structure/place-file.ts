import { randomBytes } from "node:crypto";
import { chmodSync, lstatSync, renameSync, symlinkSync, unlinkSync } from "node:fs";
import { DiskError, type DiskStat } from "../../ports/disk.ts";
import { modeWithExecutable } from "../disk-stat.ts";
import { temporaryFolder } from "../own-folder.ts";
import { mustBeUnchanged, mustStatAt } from "./last-look.ts";
import { linkToFreeName, renameToFreeName } from "./move-entry.ts";
import { unlinkIfThere } from "./remove-file.ts";

/** A finished temporary and its place, both absolute; `path` is for messages. */
interface Placement {
  readonly temporary: string;
  readonly absolute: string;
  readonly path: string;
  /** The fingerprint of what is to be replaced; null when nothing may be there. */
  readonly expected: string | null;
}

/**
 * Puts a finished temporary file in its place, in one step that a crash can't halve.
 * @throws DiskError `exists` or `changed`: then the temporary is still there; and the system's errors
 */
export function placeFile(placement: Placement): DiskStat {
  const { temporary, absolute, path, expected } = placement;
  try {
    if (expected === null) placeWhereNothingIs(placement);
    else replace({ temporary, absolute, path, fingerprint: expected });
  } catch (error) {
    if (lstatSync(temporary, { throwIfNoEntry: false }) === undefined)
      throw new DiskError("failed", path, "the temporary file is gone");
    throw error;
  }
  return mustStatAt(absolute, path);
}

function placeWhereNothingIs({ temporary, absolute, path }: Placement): void {
  const move = { from: temporary, to: absolute, toPath: path };
  if (linkToFreeName(move)) unlinkSync(temporary);
  else renameToFreeName(move);
}

function replace(placement: { temporary: string; absolute: string; path: string; fingerprint: string }): void {
  const { temporary, absolute } = placement;
  try {
    const replaced = mustBeUnchanged(placement);
    if (replaced.type === "file") keepPermissions(temporary, absolute);
  } catch (error) {
    if (error instanceof DiskError && error.code === "gone")
      throw new DiskError("changed", placement.path, error.message);
    throw error;
  }
  renameSync(temporary, absolute);
}

/** A file that its owner closed to others stays closed when its content is replaced. A link has no mode: setting it would reach its target. */
function keepPermissions(temporary: string, replaced: string): void {
  const stats = lstatSync(temporary);
  if (!stats.isFile()) return;
  const fresh = stats.mode;
  const isExecutable = (fresh & 0o100) !== 0;
  const wanted = modeWithExecutable(lstatSync(replaced).mode, isExecutable);
  if (wanted !== (fresh & 0o7777)) chmodSync(temporary, wanted);
}

/** Puts a symbolic link in its place in the same way. @throws as {@link placeFile} */
export function placeLink(link: {
  root: string;
  target: string;
  absolute: string;
  path: string;
  expected: string | null;
}): DiskStat {
  const temporary = `${link.root}/${temporaryFolder}/${randomBytes(9).toString("base64url")}.link`;
  symlinkSync(link.target, temporary);
  try {
    return placeFile({ ...link, temporary });
  } finally {
    unlinkIfThere(temporary);
  }
}

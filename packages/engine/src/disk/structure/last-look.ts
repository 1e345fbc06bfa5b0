import { lstatSync } from "node:fs";
import { DiskError, type DiskStat } from "../../ports/disk.ts";
import { toDiskStatAt } from "../disk-stat.ts";

/** What is at an absolute path, or undefined. */
export function statAt(absolute: string): DiskStat | undefined {
  const stats = lstatSync(absolute, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : toDiskStatAt(stats, absolute);
}

/** What is there. @throws DiskError `gone` */
export function mustStatAt(absolute: string, path: string): DiskStat {
  const stat = statAt(absolute);
  if (stat === undefined) throw new DiskError("gone", path, "it is not there any more");
  return stat;
}

/**
 * The last look before something is replaced or removed: is it still the file or link that the caller saw?
 * @throws DiskError `gone` or `changed`
 */
export function mustBeUnchanged(target: { absolute: string; path: string; fingerprint: string }): DiskStat {
  const stat = mustStatAt(target.absolute, target.path);
  if (stat.type !== "folder" && stat.fingerprint === target.fingerprint) return stat;
  throw new DiskError("changed", target.path, "it is not what it was");
}

import { readlinkSync, type BigIntStats } from "node:fs";
import type { DiskStat } from "../ports/disk.ts";

/** The permission bits, which a change of the mode changes. */
const permissionBits = 0o7777n;
const ownerExecuteBit = 0o100n;
const nanosecondsPerMillisecond = 1_000_000n;
/** Half of what the last bit of today's times is worth as floating-point seconds (2^-22 s). */
const halfStepNanoseconds = 120n;

/** What the port tells of an entry, from what the system tells (with nanoseconds; of the link itself where it is one). */
export function toDiskStat(stats: BigIntStats, linkTarget: string | null): DiskStat {
  const type = typeOf(stats);
  return {
    type,
    inode: `${stats.ino}:${stats.birthtimeNs}`,
    fingerprint: `${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}:${stats.mode & permissionBits}`,
    sizeBytes: Number(stats.size),
    modifiedMs: floorMilliseconds(stats.mtimeNs),
    modifiedNs: `${stats.mtimeNs}`,
    executable: type === "file" && (stats.mode & ownerExecuteBit) !== 0n,
    linkTarget,
  };
}

/** The stat of what is at an absolute path, and a link's target read. @throws the system's errors */
export function toDiskStatAt(stats: BigIntStats, absolutePath: string): DiskStat {
  return toDiskStat(stats, stats.isSymbolicLink() ? readlinkSync(absolutePath) : null);
}

function typeOf(stats: BigIntStats): DiskStat["type"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "other";
}

/**
 * Towards the past, also before 1970, so that a time set to a whole millisecond is read back as that. Also when a program set it by
 * floating-point seconds, and missed it by up to half their step.
 */
export function floorMilliseconds(nanoseconds: bigint): number {
  const reached = nanoseconds + halfStepNanoseconds;
  const milliseconds = reached / nanosecondsPerMillisecond;
  const isWhole = milliseconds * nanosecondsPerMillisecond === reached;
  return Number(isWhole || reached >= 0n ? milliseconds : milliseconds - 1n);
}

/**
 * A time for `utimes`, which takes seconds as a floating-point number: today's times have steps of a quarter of a
 * microsecond, so a whole millisecond may come out just below itself. Half a microsecond more makes it read back right.
 */
export function toUtimesSeconds(modifiedMs: number): number {
  return modifiedMs / 1000 + 5e-7;
}

/** The mode with the execute bits as asked: given to everyone who may read, or taken from all. Everything else is kept. */
export function modeWithExecutable(mode: number, executable: boolean): number {
  const permissions = mode & 0o7777;
  return executable ? permissions | ((permissions & 0o444) >> 2) : permissions & ~0o111;
}

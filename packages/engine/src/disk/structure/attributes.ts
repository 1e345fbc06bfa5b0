import { chmodSync, lstatSync, utimesSync } from "node:fs";
import { DiskError, type DiskStat } from "../../ports/disk.ts";
import { modeWithExecutable, toUtimesSeconds } from "../disk-stat.ts";
import { mustBeUnchanged, mustStatAt } from "./last-look.ts";

export interface Attributes {
  readonly modifiedMs: number;
  readonly executable: boolean;
  readonly fingerprint: string;
}

/** Sets time and mode of a file that is still what the caller saw. @throws DiskError `gone` or `changed` */
export function setAttributes(file: { absolute: string; path: string; attributes: Attributes }): DiskStat {
  const { absolute, path, attributes } = file;
  const stat = mustBeUnchanged({ absolute, path, fingerprint: attributes.fingerprint });
  // Both calls would follow a link.
  if (stat.type !== "file") throw new DiskError("changed", path, "it is no file");
  setMode(absolute, attributes.executable);
  const seconds = toUtimesSeconds(attributes.modifiedMs);
  utimesSync(absolute, seconds, seconds);
  return mustStatAt(absolute, path);
}

/** Gives a file the execute bits, or takes them, and leaves its other permissions. */
function setMode(absolute: string, executable: boolean): void {
  const { mode } = lstatSync(absolute);
  const wanted = modeWithExecutable(mode, executable);
  if (wanted !== (mode & 0o7777)) chmodSync(absolute, wanted);
}

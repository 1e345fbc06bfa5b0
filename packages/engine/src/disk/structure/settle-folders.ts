import { closeSync, fsyncSync, openSync } from "node:fs";
import { systemCode } from "../system-error.ts";

/** A folder that went away needs no settling, and some systems have no such thing as a folder's fsync. */
const harmlessCodes = new Set(["ENOENT", "ENOTDIR", "EINVAL", "EISDIR", "EACCES", "EPERM"]);

/** Makes the names in these folders (absolute) durable. The first fsync usually takes the others' changes along. */
export function settleFolders(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      settleFolder(folder);
    } catch (error) {
      if (!harmlessCodes.has(systemCode(error) ?? "")) throw error;
    }
  }
}

function settleFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

import { unlinkSync } from "node:fs";
import { systemCode } from "../system-error.ts";
import { mustBeUnchanged } from "./last-look.ts";

/** Removes a file or link that is still what the caller saw. @throws DiskError `gone` or `changed` */
export function removeFile(file: { absolute: string; path: string; fingerprint: string }): void {
  mustBeUnchanged(file);
  unlinkSync(file.absolute);
}

/** Removes a file that may have been removed before. */
export function unlinkIfThere(absolute: string): void {
  try {
    unlinkSync(absolute);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
}

import { lstatSync, readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { ownFolder } from "./own-folder.ts";

/** What was found out, by root: the disk under a folder doesn't change its ways. */
const known = new Map<string, boolean>();

/**
 * Whether the disk may find an entry under another spelling of its name. The engine's own folder tells; and Apple's and Microsoft's systems are asked no further, since their disks may take NFC and NFD for one even where case
 * counts. A disk that folds names in some of its folders only (ext4 can) goes by what it does in the root.
 */
export function foldsNames(root: string): boolean {
  if (process.platform === "darwin" || process.platform === "win32") return true;
  const told = known.get(root);
  if (told !== undefined) return told;
  const own = inodeAt(`${root}/${ownFolder}`);
  if (own === undefined) return false;
  const folds = inodeAt(`${root}/${ownFolder.toUpperCase()}`) === own;
  known.set(root, folds);
  return folds;
}

/** Whether what is found at an absolute path, if anything, is listed under this very name. (Names are listed each time: the disk itself is the only one who knows how it spells them.) */
export function isListed(absolute: string): boolean {
  if (inodeAt(absolute) === undefined) return true;
  const name = basename(absolute);
  return readdirSync(dirname(absolute)).some((listed) => listed === name || listed === name.normalize("NFD"));
}

function inodeAt(absolute: string): bigint | undefined {
  return lstatSync(absolute, { bigint: true, throwIfNoEntry: false })?.ino;
}

import { lstatSync, readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { nameKey } from "../names/name-key.ts";
import { macosNames } from "../names/name-rules.ts";
import { ownFolder } from "./own-folder.ts";

/** Of all rules, these take the most names for one. */
const anyFolding = macosNames;

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
  const folds = isFoundAs(ownFolder, {
    inode: own,
    otherInode: inodeAt(`${root}/${ownFolder.toUpperCase()}`),
    list: () => readdirSync(root),
  });
  known.set(root, folds);
  return folds;
}

/**
 * Whether an entry was found under another spelling too. Some disks in user space (exFAT by FUSE) make up an inode for each spelling that is asked for: there it is the same one if the folder lists no second.
 * @param look `otherInode`: of what is found under the other spelling, in capitals; undefined when nothing is
 */
export function isFoundAs(
  name: string,
  look: { readonly inode: bigint; readonly otherInode: bigint | undefined; readonly list: () => readonly string[] },
): boolean {
  if (look.otherInode === undefined || look.otherInode === look.inode) return look.otherInode !== undefined;
  const listed = look.list();
  return listed.includes(name) && !listed.includes(name.toUpperCase());
}

/**
 * Whether what a folder is known to have under another name can be none but this entry, by what any disk takes for one: for those disks that make up an inode for each spelling.
 * @param listed all names in the folder, of which the other is none
 */
export function isOnlyNamesake(
  listed: readonly string[],
  { name, other }: { readonly name: string; readonly other: string },
): boolean {
  const key = nameKey(other, anyFolding);
  const alike = listed.filter((each) => nameKey(each, anyFolding) === key);
  return alike.length === 1 && alike[0] === name;
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

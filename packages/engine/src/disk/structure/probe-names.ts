import { randomBytes } from "node:crypto";
import { closeSync, lstatSync, openSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { linuxNames, macosNames, windowsNames, type NameRules } from "../../names/name-rules.ts";
import { foldsNames } from "../folded-names.ts";
import { temporaryFolder } from "../own-folder.ts";
import { systemCode } from "../system-error.ts";

/** `f_type` of Linux' own file systems, which hold any name (linux/magic.h): ext2 to ext4, XFS, Btrfs, tmpfs, F2FS, overlayfs, ZFS. */
const linuxTypes = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994, 0xf2f52010, 0x794c7630, 0x2fc12fc1]);
/** What a disk answers that can't hold a name. */
const refusals = new Set(["EINVAL", "EILSEQ", "ENOENT", "EPROTO", "EIO"]);

/** Which names the disk of the synced folder can hold: known for Linux' own file systems and for Windows, else found out by trying, in the engine's own folder. @throws the system's errors */
export function probeNames(root: string): NameRules {
  if (process.platform === "win32") return windowsNames;
  const folds = foldsNames(root);
  if (process.platform === "linux" && linuxTypes.has(statfsSync(root).type)) {
    return folds ? { ...macosNames, disk: "this kind of disk", path: linuxNames.path } : linuxNames;
  }
  return probe(`${root}/${temporaryFolder}/${randomBytes(6).toString("hex")}`);
}

/** @param stem an absolute path that nothing has */
export function probe(stem: string): NameRules {
  const base = process.platform === "darwin" ? macosNames : linuxNames;
  const plain = `${stem}-\u{E9}`;
  const asked = `${stem}-why?`;
  try {
    make(plain);
    const foldsCase = isThere(`${stem}-\u{C9}`);
    const isOneForm = isThere(plain.normalize("NFD"));
    const isDecomposed = isOneForm && listsNfd(stem);
    const holdsAny = canMake(asked);
    return {
      ...base,
      disk: foldsCase === base.foldsCase && holdsAny ? base.disk : "this kind of disk",
      characters: holdsAny ? "any" : "windows",
      name: holdsAny ? base.name : windowsNames.name,
      foldsCase,
      normalization: isDecomposed ? "decomposed" : isOneForm ? "ignored" : "kept",
    };
  } finally {
    for (const path of [plain, asked]) rmSync(path, { force: true });
  }
}

function make(path: string): void {
  closeSync(openSync(path, "wx"));
}

function canMake(path: string): boolean {
  try {
    make(path);
    return true;
  } catch (error) {
    if (refusals.has(systemCode(error) ?? "")) return false;
    throw error;
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function listsNfd(stem: string): boolean {
  const slash = stem.lastIndexOf("/");
  const name = `${stem.slice(slash + 1)}-\u{E9}`.normalize("NFD");
  return readdirSync(stem.slice(0, slash)).includes(name);
}

import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { DiskError, type RootIdentity } from "../../ports/disk.ts";
import { limboFolder, markerPath, maxPartAgeMs, ownFolder, partSuffix, temporaryFolder } from "../own-folder.ts";
import { systemCode } from "../system-error.ts";
import { settleFolders } from "./settle-folders.ts";

/** Longer than any marker; a file that is longer is none of ours. */
const maxMarkerBytes = 1024;

/**
 * Which root this is. The device's number is left out: systems number devices anew when they start, and the folder's
 * birth time already tells two file systems apart.
 */
export function identifyRoot(root: string): RootIdentity | undefined {
  const stats = statSync(root, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory()) return undefined;
  return { inode: `${stats.ino}:${stats.birthtimeNs}`, marker: readMarker(root) };
}

function readMarker(root: string): string | undefined {
  try {
    const text = readFileSync(`${root}/${markerPath}`, "utf8");
    return text.length > maxMarkerBytes ? undefined : text.trimEnd();
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Makes the root and the engine's own folder with its marker, and clears what an earlier run left half done. */
export function prepareRoot(root: string, marker: string): RootIdentity {
  mkdirSync(root, { recursive: true });
  for (const folder of [ownFolder, temporaryFolder, limboFolder]) {
    makeOwnFolder(`${root}/${folder}`);
  }
  if (readMarker(root) !== marker) writeMarker(root, marker);
  clearTemporaryFiles(`${root}/${temporaryFolder}`);
  const identity = identifyRoot(root);
  if (identity === undefined) throw new DiskError("gone", "", "the folder is not there any more");
  return identity;
}

function makeOwnFolder(absolute: string): void {
  const stats = lstatSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) mkdirSync(absolute, { mode: 0o700 });
  else if (!stats.isDirectory()) throw new DiskError("exists", ownFolder, `${absolute} is in the way`);
}

/** Whole or not at all, and there after a power cut: a root without its marker stops the engine. */
function writeMarker(root: string, marker: string): void {
  const fresh = `${root}/${temporaryFolder}/marker`;
  const fd = openSync(fresh, "w", 0o600);
  try {
    writeFileSync(fd, `${marker}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(fresh, `${root}/${markerPath}`);
  settleFolders([root, `${root}/${ownFolder}`]);
}

function clearTemporaryFiles(folder: string): void {
  const oldestMs = Date.now() - maxPartAgeMs;
  for (const name of readdirSync(folder)) {
    const stats = lstatSync(`${folder}/${name}`, { throwIfNoEntry: false });
    const isResumable = name.endsWith(partSuffix) && stats?.isFile() === true && stats.mtimeMs >= oldestMs;
    if (!isResumable) rmSync(`${folder}/${name}`, { recursive: true, force: true });
  }
}

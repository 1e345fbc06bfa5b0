import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** All that a synced folder keeps of one item, as a line that compares; contents only if they were read. */
export type TreeSnapshot = ReadonlyMap<string, string>;

/** What to look at. */
export interface SnapshotOptions {
  /** Read and hash the files, too. */
  readonly contents: boolean;
  /** Paths, relative to the folder, that are left out with all inside them. */
  readonly without?: (path: string) => boolean;
}

/** Files that are read at a time. */
const MAX_OPEN_FILES = 16;

/** Describes everything in a folder: type, size, executable bit, time to the millisecond, link target, contents. */
export async function snapshotTree(folder: string, options: SnapshotOptions): Promise<TreeSnapshot> {
  const paths = await listPaths(folder, "", options.without ?? (() => false));
  const lines = new Map<string, string>();
  for (let at = 0; at < paths.length; at += MAX_OPEN_FILES) {
    const batch = paths.slice(at, at + MAX_OPEN_FILES);
    const described = await Promise.all(batch.map(async (path) => await describe(join(folder, path), options)));
    batch.forEach((path, index) => lines.set(path, described[index] as string));
  }
  return lines;
}

/** How two snapshots differ, a sentence each, at most `limit` of them. */
export function treeDifferences(one: TreeSnapshot, other: TreeSnapshot, limit = 20): string[] {
  const differences: string[] = [];
  for (const path of new Set([...one.keys(), ...other.keys()])) {
    const [mine, theirs] = [one.get(path), other.get(path)];
    if (mine === theirs) continue;
    differences.push(`${JSON.stringify(path)}: ${mine ?? "missing"} and ${theirs ?? "missing"}`);
    if (differences.length === limit) break;
  }
  return differences;
}

/** Paths relative to the folder, sorted. A folder that vanishes while it is listed counts as empty. */
async function listPaths(folder: string, below: string, without: (path: string) => boolean): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (without(path)) continue;
    paths.push(path);
    if (entry.isDirectory()) paths.push(...(await listPaths(folder, path, without)));
  }
  return paths;
}

async function describe(path: string, options: SnapshotOptions): Promise<string> {
  const stats = await lstat(path);
  if (stats.isDirectory()) return "folder";
  if (stats.isSymbolicLink()) return `link to ${JSON.stringify(await readlink(path))}`;
  if (!stats.isFile()) return "special";
  const hash = options.contents ? ` ${await hashFile(path)}` : "";
  const executable = (stats.mode & 0o100) === 0 ? "" : " executable";
  return `file of ${stats.size} B at ${Math.floor(stats.mtimeMs)}${executable}${hash}`;
}

/** SHA-256 of a file's contents, in hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest("hex");
}

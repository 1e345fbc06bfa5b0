import { createHash, hash } from "node:crypto";
import { createReadStream, lstatSync, readFileSync, readlinkSync, type Stats } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";

/** All that a synced folder keeps of one item, as a line that compares; contents only if they were read. */
export type TreeSnapshot = ReadonlyMap<string, string>;

/** What to look at. */
export interface SnapshotOptions {
  /** Read and hash the files, too. */
  readonly contents: boolean;
  /** Paths, relative to the folder, that are left out with all inside them. */
  readonly without?: (path: string) => boolean;
}

/** After so many items everything else in this process, such as the networks of devices, has its turn. */
const ITEMS_IN_A_ROW = 32;
/** Such a file is read at once: a stream for each of a hundred thousand takes longer than all else that is done with them. */
const SMALL_BYTES = 256 * 1024;

/** Describes everything in a folder: type, size, executable bit, time to the millisecond, link target, contents. */
export async function snapshotTree(folder: string, options: SnapshotOptions): Promise<TreeSnapshot> {
  const paths = await listPaths(folder, "", options.without ?? (() => false));
  const lines = new Map<string, string>();
  for (const [at, path] of paths.entries()) {
    lines.set(path, await describe(join(folder, path), options));
    if (at % ITEMS_IN_A_ROW === 0) await setImmediate();
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
  const stats = lstatSync(path);
  if (stats.isDirectory()) return "folder";
  if (stats.isSymbolicLink()) return `link to ${JSON.stringify(readlinkSync(path))}`;
  if (!stats.isFile()) return "special";
  const contents = options.contents ? ` ${await hashOf(path, stats)}` : "";
  const executable = (stats.mode & 0o100) === 0 ? "" : " executable";
  return `file of ${stats.size} B at ${Math.floor(stats.mtimeMs)}${executable}${contents}`;
}

async function hashOf(path: string, { size }: Stats): Promise<string> {
  return size <= SMALL_BYTES ? hash("sha256", readFileSync(path)) : await hashFile(path);
}

/** SHA-256 of a file's contents, in hex. */
export async function hashFile(path: string): Promise<string> {
  const sum = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), sum);
  return sum.digest("hex");
}

import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import type { ScannedEntry, ScannedFolder } from "../../ports/disk.ts";
import { toDiskStat } from "../disk-stat.ts";
import { joinPath, ownFolder } from "../own-folder.ts";
import { reasonOf, systemCode } from "../system-error.ts";

/** What Node puts where bytes are no UTF-8; a name may also hold it rightfully. */
const replacementCharacter = "\u{FFFD}";

type Unreadable = ScannedFolder["unreadable"][number];

/** A folder with more entries is told in parts of so many, so that its listing lies nowhere twice. */
const maxPartEntries = 1000;

/** A folder's listing, or a part of it. */
export interface ListingPart extends ScannedFolder {
  readonly entries: ScannedEntry[];
  readonly unreadable: Unreadable[];
  /** What comes next is of the same folder. */
  readonly isContinued?: boolean;
}

/** Lists a folder, and looks at each entry in it. What can't be told is told as such; it never throws. */
export function* listFolder(root: string, path: string): Generator<ListingPart, void, void> {
  const absolute = path === "" ? root : `${root}/${path}`;
  let part: ListingPart = { path, entries: [], unreadable: [] };
  let names: string[];
  try {
    names = listNames(absolute, part.unreadable);
  } catch (error) {
    yield { path, entries: [], unreadable: [], problem: problemOf(error) };
    return;
  }
  for (const name of names) {
    if (path === "" && name === ownFolder) continue;
    const entry = lookAt(absolute, name);
    if (entry === undefined) continue;
    if (part.entries.length >= maxPartEntries) {
      yield { ...part, isContinued: true };
      part = { path, entries: [], unreadable: [] };
    }
    if ("reason" in entry) part.unreadable.push(entry);
    else part.entries.push(entry);
  }
  yield part;
}

/** The folders in a listing, to list next. */
export function foldersIn(listing: ScannedFolder): string[] {
  return listing.entries.filter(({ type }) => type === "folder").map(({ name }) => joinPath(listing.path, name));
}

/** Puts a folder's parts together again. */
export function* joinParts(parts: Iterable<ListingPart>, begun: ListingPart[]): Generator<ScannedFolder, void, void> {
  for (const part of parts) {
    const first = begun[0] ?? part;
    if (first === part) begun.push(part);
    else for (const entry of part.entries) first.entries.push(entry);
    if (first !== part) first.unreadable.push(...part.unreadable);
    if (part.isContinued === true) continue;
    begun.length = 0;
    const { path, entries, unreadable, problem } = first;
    yield { path, entries, unreadable, ...(problem !== undefined && { problem }) };
  }
}

function listNames(absolute: string, unreadable: Unreadable[]): string[] {
  const names = readdirSync(absolute);
  if (!names.some((name) => name.includes(replacementCharacter))) return names;
  const listed: string[] = [];
  for (const bytes of readdirSync(absolute, { encoding: "buffer" })) {
    const name = bytes.toString("utf8");
    if (Buffer.from(name, "utf8").equals(bytes)) listed.push(name);
    else unreadable.push({ name, reason: "the name is not valid UTF-8" });
  }
  return listed;
}

/** An entry, why it can't be told, or undefined when it was removed since it was listed. */
function lookAt(folder: string, name: string): ScannedEntry | Unreadable | undefined {
  const absolute = `${folder}/${name}`;
  try {
    const stats = lstatSync(absolute, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (!stats.isSymbolicLink()) return { name, ...toDiskStat(stats, null) };
    const target = readlinkSync(absolute, { encoding: "buffer" });
    const linkTarget = target.toString("utf8");
    if (Buffer.from(linkTarget, "utf8").equals(target)) return { name, ...toDiskStat(stats, linkTarget) };
    return { name, reason: "the link's target is not valid UTF-8" };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    return { name, reason: reasonOf(error) };
  }
}

function problemOf(error: unknown): string {
  const code = systemCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") return "gone";
  if (code === "EACCES" || code === "EPERM") return "denied";
  return reasonOf(error);
}

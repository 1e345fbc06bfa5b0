import { findNameProblem } from "@satchel/protocol";
import { joinPath, parentPath } from "../disk/own-folder.ts";
import type { Disk, ScannedEntry, ScannedFolder } from "../ports/disk.ts";
import type { AliasBook } from "./alias-book.ts";
import { nameOf } from "./alias-name.ts";

interface ScanContext {
  readonly disk: Disk;
  readonly book: AliasBook;
  readonly find: (path: string) => Promise<string | undefined>;
}

type Unreadable = ScannedFolder["unreadable"][number];

/** Lists folders with each entry under the name that its name on the disk stands for. */
export async function* scanAliased(
  { disk, book, find }: ScanContext,
  path: string,
  options: Parameters<Disk["scan"]>[1],
): AsyncGenerator<ScannedFolder, void, void> {
  const start = await find(path);
  if (start === undefined) {
    yield { path, entries: [], unreadable: [], problem: "gone" };
    return;
  }
  /** Folders, by their path on the disk, that stand for nothing: what is in them is left alone as they are. */
  const left = new Set<string>();
  for await (const listing of disk.scan(start, options)) {
    if (left.has(listing.path) || left.has(parentPath(listing.path))) {
      left.add(listing.path);
      continue;
    }
    const at = path + book.fromDisk(listing.path.slice(start.length));
    const { entries, unreadable } = decodeListing(listing, book);
    for (const { listed, entry } of entries) book.note(joinPath(at, entry.name), listed);
    for (const { listed } of unreadable) left.add(joinPath(listing.path, listed));
    yield {
      path: at,
      entries: entries.map(({ entry }) => entry),
      unreadable: [...decodeUnreadable(listing.unreadable, book), ...unreadable.map(({ told }) => told)],
      ...(listing.problem !== undefined && { problem: listing.problem }),
    };
  }
}

interface DecodedListing {
  readonly entries: readonly { readonly listed: string; readonly entry: ScannedEntry }[];
  readonly unreadable: readonly { readonly listed: string; readonly told: Unreadable }[];
}

/** Where two names on the disk stand for one, the plainer of them has it; the other one is told, and left alone. [NM24] */
function decodeListing(listing: ScannedFolder, book: AliasBook): DecodedListing {
  const entries = new Map<string, { listed: string; nth: number; entry: ScannedEntry }>();
  const unreadable: { listed: string; told: Unreadable }[] = [];
  const leave = (listed: string, reason: string): unknown =>
    unreadable.push({ listed, told: { name: listed, reason } });
  for (const scanned of listing.entries) {
    const { name, nth } = nameOf(scanned.name, book.rules);
    const problem = findNameProblem(name);
    const other = entries.get(name);
    if (problem !== undefined) leave(scanned.name, `the name ${problem}`);
    else if (other !== undefined && other.nth <= nth) leave(scanned.name, sharedReason(name, other.listed));
    else {
      if (other !== undefined) leave(other.listed, sharedReason(name, scanned.name));
      entries.set(name, { listed: scanned.name, nth, entry: { ...scanned, name } });
    }
  }
  return { entries: [...entries.values()], unreadable };
}

function sharedReason(name: string, other: string): string {
  return `its name stands for "${name}", and so does "${other}" beside it: give one of them another name`;
}

function decodeUnreadable(unreadable: readonly Unreadable[], book: AliasBook): Unreadable[] {
  return unreadable.map(({ name, reason }) => ({ name: nameOf(name, book.rules).name, reason }));
}

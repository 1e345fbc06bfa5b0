import type { EntryId, EntryState } from "@satchel/protocol";
import { entryOfState, type Entry, type EntryMap } from "./entry.ts";

/** What is known of one folder. It grows page by page, and follows the change feed. */
export interface FolderListing {
  readonly folderId: EntryId;
  readonly entries: EntryMap;
  /** Whether the last page is in. */
  readonly complete: boolean;
}

export function emptyListing(folderId: EntryId): FolderListing {
  return { folderId, entries: new Map(), complete: false };
}

/** The listing with another page. What a change told in the meantime is newer than the page, and stays. */
export function withPage(
  listing: FolderListing,
  page: { readonly entries: readonly Entry[]; readonly isLast: boolean; readonly changed: ReadonlySet<EntryId> },
): FolderListing {
  const entries = new Map(listing.entries);
  for (const entry of page.entries) if (!page.changed.has(entry.id)) entries.set(entry.id, entry);
  return { ...listing, entries, complete: page.isLast };
}

/** The listing after changes anywhere in the workspace; the same object when none concerns it. */
export function withChanges(listing: FolderListing, changes: readonly EntryState[]): FolderListing {
  let entries: Map<EntryId, Entry> | undefined;
  for (const change of changes) {
    const isHere = change.parent_id === listing.folderId && !change.deleted;
    if (!isHere && !listing.entries.has(change.id) && entries?.has(change.id) !== true) continue;
    entries ??= new Map(listing.entries);
    if (isHere) entries.set(change.id, entryOfState(change));
    else entries.delete(change.id);
  }
  return entries === undefined ? listing : { ...listing, entries };
}

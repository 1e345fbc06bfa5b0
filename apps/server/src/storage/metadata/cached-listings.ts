import { maxEntriesPerPage, workspaceOfEntry, type EntryId } from "@satchel/protocol";
import type { SharedCache } from "../cache/shared-cache.ts";
import type { HistoryStore } from "./history-store.ts";
import type { MetadataStore } from "./metadata-store.ts";
import type { EntryChange, FeedPosition, FolderPage, TreeStore } from "./tree-store.ts";

/** After this time a listing that nobody asked for anew is forgotten. */
const timeToLiveMs = 10 * 60_000;
/** A commit that changed more folders than this leaves the rest to their versions. */
const maxForgotten = 200;

/** A listing with its version: the head of its workspace before it was read. */
interface KeptListing {
  readonly head: FeedPosition;
  readonly page: FolderPage;
}

/**
 * Remembers the first page of folders' listings for all processes. What is remembered is used only while its workspace's head, one row of the database, is the one that it was read under; so it is never stale, whatever became of the cache or of the
 * process that should have told it. The committing request deletes what it made worthless.
 */
export function withCachedListings(store: MetadataStore, cache: SharedCache): MetadataStore {
  return {
    ...store,
    tree: cachedTree(store.tree, cache),
    history: forgettingHistory(store.history, cache),
  };
}

function cachedTree(tree: TreeStore, cache: SharedCache): TreeStore {
  return {
    ...tree,
    async listFolder(query) {
      if (query.after !== undefined || query.limit !== maxEntriesPerPage) return tree.listFolder(query);
      const head = await tree.head(workspaceOfEntry(query.folderId));
      const text = await cache.getOrFill({
        key: listingKey(query.folderId),
        timeToLiveMs,
        isGood: (kept) => kept.startsWith(versionMark(head)),
        fill: async () => encode({ head, page: await tree.listFolder(query) }),
      });
      return decode(text).page;
    },
    async commit(batch) {
      const outcome = await tree.commit(batch);
      forget(cache, outcome.changes);
      return outcome;
    },
  };
}

function forgettingHistory(history: HistoryStore, cache: SharedCache): HistoryStore {
  return {
    ...history,
    async restore(request) {
      const outcome = await history.restore(request);
      forget(cache, outcome.changes);
      return outcome;
    },
  };
}

/** Of the folders that entries changed in. Where one was moved out of isn't told here; its listing is known by its version to be old. */
function forget(cache: SharedCache, changes: readonly EntryChange[]): void {
  const folders = new Set<EntryId>();
  for (const { entry } of changes) {
    if (entry.parent_id !== null) folders.add(entry.parent_id);
    if (folders.size >= maxForgotten) break;
  }
  // What isn't deleted is known to be old.
  cache.invalidate([...folders].map(listingKey)).catch(() => undefined);
}

/** `workspace:{id}:folder:{id}:contents` */
export function listingKey(folderId: EntryId): string {
  return `workspace:${workspaceOfEntry(folderId)}:folder:${folderId}:contents`;
}

/** The version stands first, so that an outdated listing is known by its beginning, without reading it. A restored server gives numbers anew, which the time of the last change tells apart. */
function versionMark({ sequence, epoch, madeAtMs }: FeedPosition): string {
  return `${epoch} ${sequence} ${madeAtMs ?? 0}\n`;
}

function encode({ head, page }: KeptListing): string {
  return versionMark(head) + JSON.stringify(page);
}

function decode(text: string): { page: FolderPage } {
  return { page: JSON.parse(text.slice(text.indexOf("\n") + 1)) as FolderPage };
}

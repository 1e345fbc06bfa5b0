import type { ApiClient } from "@satchel/api-client";
import { workspaceOfEntry, type EntryId, type EntryState, type WorkspaceId } from "@satchel/protocol";
import type { Entry } from "./entry.ts";
import { emptyListing, withChanges, withPage, type FolderListing } from "./folder-listing.ts";

/** Folders kept after they were left, so that going back shows them at once. */
const maxKeptFolders = 20;

/** The pages of a large folder are shown together this often: each time everything is looked at once. */
const showEveryMs = 300;

/** What a folder's page shows: what is known so far, and what went wrong in finding out more. */
export interface FolderView {
  readonly listing: FolderListing;
  readonly error: unknown;
}

interface OpenFolder {
  view: FolderView;
  /** Changed while pages came in: newer than what those say. */
  readonly changed: Set<EntryId>;
  readonly watchers: Set<() => void>;
  loading: AbortController | undefined;
}

/** Listings of the folders that are shown, or were a moment ago, kept true by the change feed. */
export class FolderStore {
  readonly #api: ApiClient;
  readonly #folders = new Map<EntryId, OpenFolder>();

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** Calls back at each change of the folder's view, until the returned function is called. Starts reading a folder that isn't known yet. */
  watch(folderId: EntryId, onChange: () => void): () => void {
    const folder = this.#open(folderId);
    // The last in the map is the one used last.
    this.#folders.delete(folderId);
    this.#folders.set(folderId, folder);
    folder.watchers.add(onChange);
    if (folder.view.error !== undefined) this.reload(folderId);
    return () => folder.watchers.delete(onChange);
  }

  /** The same object until the next change. */
  view(folderId: EntryId): FolderView {
    return this.#open(folderId).view;
  }

  /** Reads the folder from its first page on; what is known stays visible until then. */
  reload(folderId: EntryId): void {
    const folder = this.#folders.get(folderId);
    if (folder) this.#start(folderId, folder);
  }

  /** The workspace's feed could not be followed: everything in it may have changed. */
  reloadAll(workspaceId: WorkspaceId): void {
    const folders = [...this.#folders].filter(([id]) => workspaceOfEntry(id) === workspaceId);
    for (const [id, folder] of folders) {
      if (folder.watchers.size === 0) this.#drop(id, folder);
      else this.#start(id, folder);
    }
  }

  /** The workspace's feed is followed no longer: its folders are read anew when they are next looked at. */
  forget(workspaceId: WorkspaceId): void {
    for (const [id, folder] of this.#folders)
      if (folder.watchers.size === 0 && workspaceOfEntry(id) === workspaceId) this.#drop(id, folder);
  }

  apply(changes: readonly EntryState[]): void {
    // Watchers may open and leave folders while they are told.
    const folders = [...this.#folders.values()];
    for (const folder of folders) {
      if (folder.loading) for (const { id } of changes) folder.changed.add(id);
      const listing = withChanges(folder.view.listing, changes);
      if (listing !== folder.view.listing) this.#show(folder, { ...folder.view, listing });
    }
  }

  #open(folderId: EntryId): OpenFolder {
    const known = this.#folders.get(folderId);
    if (known) return known;
    const folder: OpenFolder = {
      view: { listing: emptyListing(folderId), error: undefined },
      changed: new Set(),
      watchers: new Set(),
      loading: undefined,
    };
    this.#folders.set(folderId, folder);
    this.#forgetOldest();
    this.#start(folderId, folder);
    return folder;
  }

  #forgetOldest(): void {
    for (const [id, folder] of this.#folders) {
      if (this.#folders.size <= maxKeptFolders) return;
      if (folder.watchers.size === 0) this.#drop(id, folder);
    }
  }

  #drop(id: EntryId, folder: OpenFolder): void {
    folder.loading?.abort();
    this.#folders.delete(id);
  }

  #start(folderId: EntryId, folder: OpenFolder): void {
    folder.loading?.abort();
    const loading = new AbortController();
    folder.loading = loading;
    folder.changed.clear();
    this.#load(folderId, folder, loading.signal)
      .catch((error: unknown) => {
        if (!loading.signal.aborted) this.#show(folder, { ...folder.view, error });
      })
      .finally(() => {
        if (folder.loading === loading) folder.loading = undefined;
      });
  }

  async #load(folderId: EntryId, folder: OpenFolder, signal: AbortSignal): Promise<void> {
    let cursor: string | null = null;
    let gathered: Entry[] = [];
    let isFirst = true;
    let shownAtMs = Number.NEGATIVE_INFINITY;
    do {
      const page = await this.#api.metadata({ folderId, cursor }, { signal });
      signal.throwIfAborted();
      cursor = page.cursor ?? null;
      gathered.push(...(page.entries ?? []));
      const isLast = cursor === null;
      if (!isLast && performance.now() < shownAtMs + showEveryMs) continue;
      // The first page takes the place of what was shown, except for what the feed has told meanwhile.
      const base = isFirst ? keepChanged(emptyListing(folderId), folder) : folder.view.listing;
      const listing = withPage(base, { entries: gathered, isLast, changed: folder.changed });
      this.#show(folder, { listing, error: undefined });
      gathered = [];
      isFirst = false;
      shownAtMs = performance.now();
    } while (cursor !== null);
  }

  #show(folder: OpenFolder, view: FolderView): void {
    folder.view = view;
    for (const onChange of folder.watchers) onChange();
  }
}

/** A fresh listing with only what the feed has told since reading began. */
function keepChanged(fresh: FolderListing, { view, changed }: OpenFolder): FolderListing {
  return { ...fresh, entries: new Map([...view.listing.entries].filter(([id]) => changed.has(id))) };
}

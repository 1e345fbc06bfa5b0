/**
 * Tells which folders to look at again. A hint, never the truth: hints may come late, twice, or not at all.
 */
export interface Watcher {
  /**
   * Starts watching; resolves when changes from then on are told. `onHint` gets a batch of relative paths of entries that may have changed (the folder to list is an entry's parent; a path that ends with `/` means the folder with all below it), or `undefined`
   * for "anything". `onMode` gets later changes of the mode. @throws nothing: when watching is not possible, `mode` is `scanning`, with the reason.
   */
  start(onHint: OnHint, onMode?: (mode: WatchMode) => void): Promise<WatchMode>;
  stop(): Promise<void>;
}

/**
 * `seen` has, for some of the paths, what the watcher itself found there after the last change that it tells of: who knows just that already needs no look.
 */
export type OnHint = (paths: readonly string[] | undefined, seen?: ReadonlyMap<string, Seen>) => void;

/** What was at a path: a file with its inode and fingerprint, or a folder, which is told by its inode alone. As {@link DiskStat} has them. */
export type Seen = string & { readonly __brand: "Seen" };

export function seenFile({ inode, fingerprint }: { readonly inode: string; readonly fingerprint: string }): Seen {
  return `${inode} ${fingerprint}` as Seen;
}

/** A folder with nothing in it of which nothing else is told. */
export function seenFolder({ inode }: { readonly inode: string }): Seen {
  return `${inode}/` as Seen;
}

/** `scanning`: watches ran out or are not to be had; the engine scans by time. */
export type WatchMode = { readonly mode: "watching" } | { readonly mode: "scanning"; readonly reason: string };

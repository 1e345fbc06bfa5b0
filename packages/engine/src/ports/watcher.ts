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
export type OnHint = (paths: readonly string[] | undefined, seen?: ReadonlyMap<string, SeenFile>) => void;

/** A file as it was seen: its inode and fingerprint, as {@link DiskStat} has them, with a space between. */
export type SeenFile = string & { readonly __brand: "SeenFile" };

export function seenFile({ inode, fingerprint }: { readonly inode: string; readonly fingerprint: string }): SeenFile {
  return `${inode} ${fingerprint}` as SeenFile;
}

/** `scanning`: watches ran out or are not to be had; the engine scans by time. */
export type WatchMode = { readonly mode: "watching" } | { readonly mode: "scanning"; readonly reason: string };

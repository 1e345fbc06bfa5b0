/**
 * Tells which folders to look at again. A hint, never the truth: hints may come late, twice, or not at all.
 */
export interface Watcher {
  /**
   * Starts watching; resolves when changes from then on are told. `onHint` gets a batch of relative paths of entries that may have changed (the folder to list is an entry's parent; a path that ends with `/` means the folder with all below it), or `undefined`
   * for "anything". `onMode` gets later changes of the mode. @throws nothing: when watching is not possible, `mode` is `scanning`, with the reason.
   */
  start(onHint: (paths: readonly string[] | undefined) => void, onMode?: (mode: WatchMode) => void): Promise<WatchMode>;
  stop(): Promise<void>;
}

/** `scanning`: watches ran out or are not to be had; the engine scans by time. */
export type WatchMode = { readonly mode: "watching" } | { readonly mode: "scanning"; readonly reason: string };

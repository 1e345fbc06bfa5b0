import type { Watcher } from "../ports/watcher.ts";
import type { AliasBook } from "./alias-book.ts";

/** Tells changes by the paths of the tree, whatever they are called on the disk. */
export function aliasedWatcher(watcher: Watcher, book: AliasBook): Watcher {
  return {
    start: (onHint, onMode) => watcher.start((paths) => onHint(paths?.map((path) => book.fromDisk(path))), onMode),
    stop: () => watcher.stop(),
  };
}

import type { Seen, Watcher } from "../ports/watcher.ts";
import type { AliasBook } from "./alias-book.ts";

/** Tells changes by the paths of the tree, whatever they are called on the disk. */
export function aliasedWatcher(watcher: Watcher, book: AliasBook): Watcher {
  const translated = (seen: ReadonlyMap<string, Seen> | undefined): ReadonlyMap<string, Seen> | undefined =>
    seen && book.isNeeded ? new Map(Array.from(seen, ([path, file]) => [book.fromDisk(path), file])) : seen;
  return {
    start: (onHint, onMode) =>
      watcher.start(
        (paths, seen) =>
          onHint(
            paths?.map((path) => book.fromDisk(path)),
            translated(seen),
          ),
        onMode,
      ),
    stop: () => watcher.stop(),
  };
}

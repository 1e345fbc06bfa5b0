import type { Seen, Watcher } from "../ports/watcher.ts";
import type { AliasBook } from "./alias-book.ts";
import { nameOf } from "./alias-name.ts";

/** Tells changes by the paths of the tree, whatever they are called on the disk. */
export function aliasedWatcher(watcher: Watcher, book: AliasBook): Watcher {
  const translated = (seen: ReadonlyMap<string, Seen> | undefined): ReadonlyMap<string, Seen> | undefined =>
    seen && book.isNeeded ? new Map(Array.from(seen, ([path, file]) => [book.fromDisk(path), file])) : seen;
  return {
    start: (onHint, onMode) =>
      watcher.start((paths, seen) => {
        onHint(
          paths?.map((path) => book.fromDisk(path)),
          translated(seen),
        );
        if (paths?.some((path) => mayStandForAnother(path, book))) onHint(undefined);
      }, onMode),
    stop: () => watcher.stop(),
  };
}

/** Whether two names on the disk may stand for one by now, of which only the plainer would be looked at. [NM25] */
function mayStandForAnother(path: string, book: AliasBook): boolean {
  if (!book.isNeeded) return false;
  const { nth } = nameOf(path.slice(path.lastIndexOf("/") + 1), book.rules);
  return nth > 1 && book.toDisk(book.fromDisk(path)) !== path;
}

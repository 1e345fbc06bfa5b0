import { ignoreFileName, type EntryId } from "@satchel/protocol";
import { seenFile, seenFolder, type Seen } from "../ports/watcher.ts";
import type { StateStore } from "../state/state-store.ts";
import { findFolder } from "./look-up-path.ts";

/**
 * Paths to look at. Most of what a watcher tells of a device that receives thousands of files is that it put them in place itself: what the watcher saw there is then what the books say,
 * and the disk needs no second look. [EN106]
 */
export class Hints {
  /** Undefined for those that are to be looked at in any case. */
  readonly #paths = new Map<string, Seen | undefined>();
  /** Where a file is being put: what the watcher saw there can't be in the books yet. */
  readonly #placing = new Set<string>();

  /** @param seen what a watcher found there; left out, the path is looked at whatever the books say, and so it is where two hints saw different things: which of them is the later is not told [EN106] */
  add(path: string, seen?: Seen): void {
    const isAgreed = !this.#paths.has(path) || this.#paths.get(path) === seen;
    this.#paths.set(path, isAgreed ? seen : undefined);
  }

  get size(): number {
    return this.#paths.size;
  }

  /** Whether the ignore rules may be others once the hints were followed. */
  get hasIgnoreFile(): boolean {
    return this.#paths.keys().some((path) => path.endsWith(ignoreFileName));
  }

  /** Everything is looked at. */
  clear(): void {
    this.#paths.clear();
  }

  /** A file is being put there: what a watcher tells of it waits for the books, until {@link placed}. */
  placing(path: string): void {
    this.#placing.add(path);
  }

  placed(path: string): void {
    this.#placing.delete(path);
  }

  /** Takes those of which the books don't have what was seen; all, while it is waited for something missing to turn up. */
  take(state: StateStore, { isHolding }: { readonly isHolding: boolean }): string[] {
    const taken: string[] = [];
    // Thousands of hints lie in a few folders.
    const folders = new Map<string, EntryId | undefined>();
    const folderOf = (path: string): EntryId | undefined => {
      const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
      if (!folders.has(folder)) folders.set(folder, findFolder(state, folder));
      return folders.get(folder);
    };
    for (const [path, seen] of this.#paths) {
      if (seen !== undefined && this.#placing.has(path)) continue;
      this.#paths.delete(path);
      if (seen === undefined || isHolding || !isKnown(state, { path, folderId: folderOf(path), seen }))
        taken.push(path);
    }
    return taken;
  }
}

function isKnown(
  state: StateStore,
  { path, folderId, seen }: { path: string; folderId: EntryId | undefined; seen: Seen },
): boolean {
  // Who looks at one of these reads the rules anew.
  if (folderId === undefined || path.endsWith(ignoreFileName)) return false;
  const record = state.local.findChild(folderId, path.slice(path.lastIndexOf("/") + 1));
  if (!record || record.inode === null || record.fingerprint === null) return false;
  const { type, inode, fingerprint } = record;
  return type === "file"
    ? seenFile({ inode, fingerprint }) === seen
    : type === "folder" && seenFolder({ inode }) === seen;
}

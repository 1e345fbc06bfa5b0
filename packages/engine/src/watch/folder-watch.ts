import { lstatSync, readdirSync, watch, type BigIntStats, type FSWatcher } from "node:fs";
import { toDiskStat } from "../disk/disk-stat.ts";
import { joinPath } from "../disk/own-folder.ts";
import { systemCode } from "../disk/system-error.ts";
import { seenFile, seenFolder, type Seen } from "../ports/watcher.ts";

/** What a watch tells its owner. */
export interface WatchListener {
  /** A path relative to the root; one that ends with `/` means the folder with all below it. `seen`: what was found there after the change: a file, or a folder with nothing in it. */
  onPath(path: string, seen?: Seen): void;
  /** Something about the root itself. */
  onRoot(): void;
  /** Watching has ended: watches ran out, or the root is gone. */
  onLost(error: unknown): void;
}

/** A folder that is watched, and those in it by name. */
interface WatchedFolder {
  readonly inode: bigint;
  readonly watcher: FSWatcher;
  readonly folders: Map<string, WatchedFolder>;
}

/** What says that a folder went away, or became something else, or is closed to us, or has too long a path to be opened: its parent, or a scan, tells what there is to tell. [DK27] */
const harmlessCodes = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP", "ENAMETOOLONG"]);

/** So many folders that went are kept in mind. One that comes back when more went since may be told without what is in it, and is looked at with everything. */
const maxGone = 1000;

/**
 * Watches a folder and all below it with one watch for each folder, as systems need it whose watches reach no deeper (Linux). Only folders are remembered, so memory follows their number and not that of files;
 * what is below a folder that goes is forgotten by dropping it. Node's own recursive watcher walks all names for each folder that goes, which takes seconds for a thousand.
 */
export class FolderWatch {
  readonly #root: string;
  readonly #isIgnored: (path: string) => boolean;
  readonly #listener: WatchListener;
  #top: WatchedFolder | undefined;
  /** Inodes of folders that went from where they were watched, the oldest first: what happened to one elsewhere, nobody told. */
  readonly #gone = new Set<bigint>();

  /** @throws the system's errors when the root can't be watched */
  constructor(root: string, isIgnored: (path: string) => boolean, listener: WatchListener) {
    this.#root = root;
    this.#isIgnored = isIgnored;
    this.#listener = listener;
    this.#top = this.#open("");
    this.#openBelow("", this.#top);
  }

  close(): void {
    const top = this.#top;
    this.#top = undefined;
    if (top) closeAll(top);
  }

  #open(path: string): WatchedFolder {
    const absolute = this.#absolute(path);
    // Watched first and listed afterwards: what comes in between is told twice rather than never.
    const watcher = watch(absolute, (event, name) => this.#onEvent(path, event, name));
    watcher.on("error", (error) => this.#lose(error));
    try {
      return { inode: lstatSync(absolute, { bigint: true }).ino, watcher, folders: new Map() };
    } catch (error) {
      closeSilently(watcher);
      throw error;
    }
  }

  /** Watches what is in a folder that is watched itself, level by level rather than by recursion. Answers whether nothing was in it: then its watch tells of all that comes. */
  #openBelow(path: string, folder: WatchedFolder): { readonly isEmpty: boolean } {
    const waiting = [{ path, folder }];
    let isEmpty: boolean | undefined;
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const listed = this.#foldersIn(next.path);
      isEmpty ??= listed.isEmpty;
      for (const name of listed.folders) {
        const below = joinPath(next.path, name);
        if (this.#isIgnored(below)) continue;
        const opened = this.#tryOpen(below);
        if (!opened) continue;
        next.folder.folders.set(name, opened);
        waiting.push({ path: below, folder: opened });
      }
    }
    return { isEmpty: isEmpty === true };
  }

  #tryOpen(path: string): WatchedFolder | undefined {
    try {
      return this.#open(path);
    } catch (error) {
      if (harmlessCodes.has(systemCode(error) ?? "")) return undefined;
      throw error;
    }
  }

  #foldersIn(path: string): { readonly folders: string[]; readonly isEmpty: boolean } {
    try {
      const entries = readdirSync(this.#absolute(path), { withFileTypes: true });
      const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
      return { folders, isEmpty: entries.length === 0 };
    } catch (error) {
      if (harmlessCodes.has(systemCode(error) ?? "")) return { folders: [], isEmpty: false };
      throw error;
    }
  }

  #onEvent(folderPath: string, event: string, name: string | null): void {
    if (this.#top === undefined) return;
    if (name === null || (folderPath === "" && this.#root.endsWith(`/${name}`))) this.#listener.onRoot();
    if (name === null) return;
    const path = joinPath(folderPath, name);
    if (this.#isIgnored(path)) return;
    try {
      if (event === "rename") this.#follow(folderPath, name, path);
      else this.#listener.onPath(path);
    } catch (error) {
      this.#lose(error);
    }
  }

  /** A name came or went, perhaps that of a folder. What a new folder has in it is told along with it. */
  #follow(folderPath: string, name: string, path: string): void {
    const folder = this.#find(folderPath);
    const known = folder?.folders.get(name);
    const stats = this.#statOf(path);
    const isSame = known !== undefined && stats?.isDirectory() === true && stats.ino === known.inode;
    if (known && !isSame) {
      folder?.folders.delete(name);
      closeAll(known);
      this.#noteGone(known.inode);
    }
    const opened = folder && !isSame && stats?.isDirectory() === true ? this.#tryOpen(path) : undefined;
    if (!opened) return this.#listener.onPath(path, stats?.isFile() ? seenFile(toDiskStat(stats, null)) : undefined);
    folder?.folders.set(name, opened);
    const { isEmpty } = this.#openBelow(path, opened);
    const cameBack = this.#gone.delete(opened.inode);
    // It may have been replaced between the look and the watch.
    if (isEmpty && !cameBack && stats !== undefined && stats.ino === opened.inode)
      this.#listener.onPath(path, seenFolder(toDiskStat(stats, null)));
    else this.#listener.onPath(`${path}/`);
  }

  #noteGone(inode: bigint): void {
    this.#gone.add(inode);
    for (const oldest of this.#gone) {
      if (this.#gone.size <= maxGone) break;
      this.#gone.delete(oldest);
    }
  }

  /** Undefined for what is not there, or can't be asked for. */
  #statOf(path: string): BigIntStats | undefined {
    try {
      return lstatSync(this.#absolute(path), { bigint: true, throwIfNoEntry: false });
    } catch (error) {
      if (harmlessCodes.has(systemCode(error) ?? "")) return undefined;
      throw error;
    }
  }

  #find(path: string): WatchedFolder | undefined {
    let at = this.#top;
    for (const name of path === "" ? [] : path.split("/")) at = at?.folders.get(name);
    return at;
  }

  #lose(error: unknown): void {
    if (this.#top === undefined) return;
    this.close();
    this.#listener.onLost(error);
  }

  #absolute(path: string): string {
    return path === "" ? this.#root : `${this.#root}/${path}`;
  }
}

function closeAll(folder: WatchedFolder): void {
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    closeSilently(next.watcher);
    waiting.push(...next.folders.values());
  }
}

/** Errors of a watcher that is being closed concern nobody, but unheard they end the thread. */
function closeSilently(watcher: FSWatcher): void {
  watcher.removeAllListeners("error");
  watcher.on("error", () => undefined);
  watcher.close();
}

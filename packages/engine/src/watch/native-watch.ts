import { watch, type FSWatcher } from "node:fs";
import { basename } from "node:path";
import type { WatchListener } from "./folder-watch.ts";

/** Watches a folder and all below it where the system itself can do that (macOS, Windows). */
export class NativeWatch {
  readonly #watchers: readonly FSWatcher[];

  /** @throws the system's errors when the root can't be watched */
  constructor(root: string, isIgnored: (path: string) => boolean, listener: WatchListener) {
    const below = watch(root, { recursive: true, ignore: isIgnored }, (_event, path) => {
      if (path === null || path === "") listener.onRoot();
      else if (!isIgnored(path)) listener.onPath(path.replaceAll("\\", "/"));
    });
    // It keeps silent about a folder that was moved away when another has taken its place by then; a plain one tells that by the folder's own name.
    const itself = watch(root, (_event, name) => {
      if (name === basename(root)) listener.onRoot();
    });
    this.#watchers = [below, itself];
    for (const watcher of this.#watchers) {
      watcher.once("error", (error) => listener.onLost(error));
      watcher.once("close", () => listener.onLost(new Error("the folder is gone")));
    }
  }

  close(): void {
    for (const watcher of this.#watchers) {
      for (const event of ["change", "close", "error"]) watcher.removeAllListeners(event);
      watcher.on("error", () => undefined);
      watcher.close();
    }
  }
}

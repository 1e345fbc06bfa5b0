import { seenFile, seenFolder, type Seen, type Watcher } from "../../ports/watcher.ts";
import type { VirtualFileSystem } from "./virtual-file-system.ts";
import { isFile, isFolder, statOf } from "./virtual-node.ts";

/** How hints get from a file system to the watcher's user: later, in another order, or not at all. */
export type HintDelivery = (path: string, tell: (paths: readonly string[] | undefined) => void) => void;

/** Watches a file system in memory. Without a delivery, each hint comes alone and in a later turn, never from within the change. */
export function createVirtualWatcher(files: VirtualFileSystem, deliver: HintDelivery = deliverSoon): Watcher {
  let unlisten: (() => void) | undefined;
  return {
    start(onHint) {
      const tell = (paths: readonly string[] | undefined): void => {
        if (unlisten !== undefined) onHint(paths);
      };
      unlisten = files.tree.listen((path) => deliver(path, tell));
      return Promise.resolve({ mode: "watching" });
    },
    stop() {
      unlisten?.();
      unlisten = undefined;
      return Promise.resolve();
    },
  };
}

/** What a watcher that looks finds at a path: the file there, or the folder if nothing is in it; else undefined. */
export function seenOn(files: VirtualFileSystem, path: string): Seen | undefined {
  const node = files.tree.findListed(path);
  if (node && isFolder(node)) return node.body.children.size === 0 ? seenFolder(statOf(node)) : undefined;
  return node && isFile(node) ? seenFile(statOf(node)) : undefined;
}

const deliverSoon: HintDelivery = (path, tell) => queueMicrotask(() => tell([path]));

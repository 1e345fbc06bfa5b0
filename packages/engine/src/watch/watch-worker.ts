import { statSync } from "node:fs";
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { FolderWatch, type WatchListener } from "./folder-watch.ts";
import { createHintQueue, type HintQueue } from "./hint-queue.ts";
import { NativeWatch } from "./native-watch.ts";
import type { FromWatchWorker, ToWatchWorker, WatchWorkerData } from "./watch-message.ts";

/** How long after a failure (the folder is gone, watches ran out) watching is tried again. */
const retryMs = 2000;
/** How long after the watcher broke while it worked. */
const repairMs = 50;
/** Whether one watch of the system reaches all that is below a folder. */
const hasDeepWatches = process.platform === "darwin" || process.platform === "win32";

/**
 * Watches in a thread of its own: the system's queue of events is short and loses silently, so somebody has to empty it
 * while the rest of the program is busy.
 */
function serve(port: MessagePort, data: WatchWorkerData): void {
  const post = (message: FromWatchWorker): void => port.postMessage(message);
  const hints = createHintQueue((paths, seen) => post({ kind: "hint", paths, seen }));
  const watching = keepWatching(data, hints, post);
  port.on("message", (message: ToWatchWorker) => {
    if (message.kind === "read") hints.read();
    else {
      watching.stop();
      port.close();
    }
  });
}

/** Watches, tells the first outcome, and from then on starts anew whenever watching ends. */
function keepWatching(
  { root, ignored }: WatchWorkerData,
  hints: HintQueue,
  post: (message: FromWatchWorker) => void,
): { stop(): void } {
  let watcher: FolderWatch | NativeWatch | undefined;
  let retry: NodeJS.Timeout | undefined;
  let watched: string | undefined;

  const isIgnored = (path: string): boolean => path === ignored || path.startsWith(`${ignored}/`);
  const listener: WatchListener = {
    onPath: (path, seen) => hints.add(path, seen),
    onRoot() {
      hints.addAnything();
      if (identityOf(root) !== watched) lose(new Error("the folder was replaced"));
    },
    onLost: (error) => lose(error),
  };

  function begin(): void {
    try {
      watched = identityOf(root);
      const Watch = hasDeepWatches ? NativeWatch : FolderWatch;
      watcher = new Watch(root, isIgnored, listener);
      post({ kind: "mode", mode: { mode: "watching" } });
    } catch (error) {
      lose(error);
    }
  }

  /** Watching ended. What happens until it is taken up again is found by looking everywhere then. */
  function lose(error: unknown, againInMs = retryMs): void {
    stop();
    hints.addAnything();
    post({ kind: "mode", mode: { mode: "scanning", reason: reasonOf(error) } });
    retry = setTimeout(() => {
      begin();
      hints.addAnything();
    }, againInMs);
  }

  function stop(): void {
    clearTimeout(retry);
    watcher?.close();
    watcher = undefined;
  }

  // An error that nobody heard would end the thread, and with it all watching.
  process.on("uncaughtException", (error) => lose(error, repairMs));
  begin();
  return { stop };
}

function identityOf(root: string): string | undefined {
  const stats = statSync(root, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC") {
    return "The system's watches ran out, so changes are noticed later. More: sudo sysctl fs.inotify.max_user_watches=1048576";
  }
  if (code === "EMFILE") {
    return "The system's watchers ran out, so changes are noticed later. More: sudo sysctl fs.inotify.max_user_instances=1024";
  }
  const why = error instanceof Error ? error.message : String(error);
  return `The folder can't be watched, so changes are noticed later: ${why}`;
}

if (parentPort !== null) serve(parentPort, workerData as WatchWorkerData);

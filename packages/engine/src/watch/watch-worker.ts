import { statSync, watch, type FSWatcher } from "node:fs";
import { basename } from "node:path";
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { createHintQueue, type HintQueue } from "./hint-queue.ts";
import type { FromWatchWorker, ToWatchWorker, WatchWorkerData } from "./watch-message.ts";

/** How long after a failure (the folder is gone, watches ran out) watching is tried again. */
const retryMs = 2000;
/** How long after the watcher broke while it worked. */
const repairMs = 50;

/**
 * Watches in a thread of its own: the system's queue of events is short and loses silently, so somebody has to empty it
 * while the rest of the program is busy.
 */
function serve(port: MessagePort, data: WatchWorkerData): void {
  const post = (message: FromWatchWorker): void => port.postMessage(message);
  const hints = createHintQueue((paths) => post({ kind: "hint", paths }));
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
  let watcher: FSWatcher | undefined;
  let rootWatcher: FSWatcher | undefined;
  let retry: NodeJS.Timeout | undefined;
  let watched: string | undefined;

  const isIgnored = (path: string): boolean => path === ignored || path.startsWith(`${ignored}/`);

  function begin(): void {
    try {
      watched = identityOf(root);
      watcher = watch(root, { recursive: true, ignore: isIgnored });
      watcher.on("change", (_event, path) => receive(path));
      watcher.once("error", (error) => lose(error));
      watcher.once("close", () => lose(new Error("the folder is gone")));
      rootWatcher = watch(root, checkRoot).on("error", (error) => lose(error));
      post({ kind: "mode", mode: { mode: "watching" } });
    } catch (error) {
      lose(error);
    }
  }

  function receive(path: string | Buffer | null): void {
    if (typeof path === "string" && path !== "") {
      if (!isIgnored(path)) hints.add(path);
      return;
    }
    // About the folder itself, or nobody knows what about.
    hints.addAnything();
    if (identityOf(root) !== watched) lose(new Error("the folder was replaced"));
  }

  /**
   * The recursive watcher keeps silent about a folder that was moved away when another has taken its place by then; a
   * plain one tells it by the folder's own name.
   */
  function checkRoot(_event: string, name: string | null): void {
    if (name === basename(root) && identityOf(root) !== watched) lose(new Error("the folder was replaced"));
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
    closeSilently(rootWatcher);
    closeSilently(watcher);
    [rootWatcher, watcher] = [undefined, undefined];
  }

  // Node's recursive watcher throws out of its own callbacks where a folder has become a file meanwhile (ENOTDIR); unheard
  // that ends the thread, and with it all watching.
  process.on("uncaughtException", (error) => lose(error, repairMs));
  begin();
  return { stop };
}

/** Errors of a watcher that is being closed concern nobody, but unheard they end the thread. */
function closeSilently(watcher: FSWatcher | undefined): void {
  for (const event of ["change", "close", "error"]) watcher?.removeAllListeners(event);
  watcher?.on("error", () => undefined);
  watcher?.close();
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

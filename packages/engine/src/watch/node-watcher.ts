import { extname, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { ownFolder } from "../disk/own-folder.ts";
import type { OnHint, Watcher, WatchMode } from "../ports/watcher.ts";
import type { FromWatchWorker, ToWatchWorker, WatchWorkerData } from "./watch-message.ts";

/** Watches a folder of this machine's file system, and all below it except the engine's own folder. */
export function createNodeWatcher(root: string): Watcher {
  let worker: Worker | undefined;
  return {
    async start(onHint, onMode) {
      if (worker !== undefined) throw new Error("the watcher was started already");
      worker = startWorker(resolve(root));
      // The engine's loop keeps the process alive, not the waiting for changes.
      worker.unref();
      return listen(worker, onHint, onMode);
    },
    async stop() {
      const stopped = worker;
      worker = undefined;
      await stopped?.terminate();
    },
  };
}

function startWorker(root: string): Worker {
  const entry = new URL(`./watch-worker${extname(import.meta.url)}`, import.meta.url);
  const workerData: WatchWorkerData = { root, ignored: ownFolder };
  return new Worker(entry, { workerData, name: "satchel watch" });
}

/** Resolves with the first mode that the worker tells; later ones go to `onMode`. */
async function listen(
  worker: Worker,
  onHint: OnHint,
  onMode: ((mode: WatchMode) => void) | undefined,
): Promise<WatchMode> {
  const first = Promise.withResolvers<WatchMode>();
  let mode: WatchMode | undefined;
  const tellMode = (next: WatchMode): void => {
    const isFirst = mode === undefined;
    const isNew = mode?.mode !== next.mode;
    mode = next;
    if (isFirst) first.resolve(next);
    else if (isNew) onMode?.(next);
  };
  const lose = (why: string): void => {
    tellMode({ mode: "scanning", reason: `The folder can't be watched, so changes are noticed later: ${why}` });
    onHint(undefined);
  };
  worker.on("message", (message: FromWatchWorker) => {
    if (message.kind === "mode") {
      tellMode(message.mode);
      return;
    }
    worker.postMessage({ kind: "read" } satisfies ToWatchWorker);
    onHint(message.paths, message.seen);
  });
  worker.once("error", (error) => lose(error instanceof Error ? error.message : "the watcher crashed"));
  // While nothing has been told yet, the process must not end under the caller who waits for it.
  worker.ref();
  const told = await first.promise;
  worker.unref();
  return told;
}

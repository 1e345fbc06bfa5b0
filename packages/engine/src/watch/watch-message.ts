import type { Seen, WatchMode } from "../ports/watcher.ts";

export interface WatchWorkerData {
  /** Absolute. */
  readonly root: string;
  /** A folder in the root that isn't watched, relative to it. */
  readonly ignored: string;
}

/** `read`: the last hint has arrived. */
export type ToWatchWorker = { readonly kind: "read" } | { readonly kind: "stop" };

export type FromWatchWorker =
  | { readonly kind: "mode"; readonly mode: WatchMode }
  | {
      readonly kind: "hint";
      readonly paths: readonly string[] | undefined;
      readonly seen: ReadonlyMap<string, Seen>;
    };

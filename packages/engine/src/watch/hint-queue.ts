import type { Seen } from "../ports/watcher.ts";

/** More paths than this are told as "anything": looking everywhere is then as fast, and the queue stays bounded. */
export const maxQueuedPaths = 16_384;

/** Gathers paths until their reader has time for them. */
export interface HintQueue {
  /** With what was found there since the change, if somebody looked; a later call takes its place. */
  add(path: string, seen?: Seen): void;
  /** Something changed, and it can't be said what. */
  addAnything(): void;
  /** The reader has taken what it was sent. */
  read(): void;
}

/**
 * Sends what comes in one turn of the event loop together, at once; and while the reader is busy with that, gathers
 * what comes next. Nothing waits for a timer.
 */
export function createHintQueue(
  send: (paths: readonly string[] | undefined, seen: ReadonlyMap<string, Seen>) => void,
): HintQueue {
  const paths = new Set<string>();
  let seen = new Map<string, Seen>();
  let isAnything = false;
  let isBeingRead = false;
  let isScheduled = false;

  function flush(): void {
    isScheduled = false;
    if (isBeingRead || (paths.size === 0 && !isAnything)) return;
    isBeingRead = true;
    const batch = isAnything ? undefined : [...paths];
    const found = seen;
    forget();
    isAnything = false;
    send(batch, found);
  }

  function forget(): void {
    paths.clear();
    seen = new Map();
  }

  function schedule(): void {
    if (isScheduled || isBeingRead) return;
    isScheduled = true;
    setImmediate(flush);
  }

  return {
    add(path, file) {
      if (!isAnything) paths.add(path);
      if (file === undefined || isAnything) seen.delete(path);
      else seen.set(path, file);
      if (paths.size > maxQueuedPaths) this.addAnything();
      else schedule();
    },
    addAnything() {
      forget();
      isAnything = true;
      schedule();
    },
    read() {
      isBeingRead = false;
      if (paths.size > 0 || isAnything) schedule();
    },
  };
}

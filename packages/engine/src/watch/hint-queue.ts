/** More paths than this are told as "anything": looking everywhere is then as fast, and the queue stays bounded. */
export const maxQueuedPaths = 16_384;

/** Gathers paths until their reader has time for them. */
export interface HintQueue {
  add(path: string): void;
  /** Something changed, and it can't be said what. */
  addAnything(): void;
  /** The reader has taken what it was sent. */
  read(): void;
}

/**
 * Sends what comes in one turn of the event loop together, at once; and while the reader is busy with that, gathers
 * what comes next. Nothing waits for a timer.
 */
export function createHintQueue(send: (paths: readonly string[] | undefined) => void): HintQueue {
  const paths = new Set<string>();
  let isAnything = false;
  let isBeingRead = false;
  let isScheduled = false;

  function flush(): void {
    isScheduled = false;
    if (isBeingRead || (paths.size === 0 && !isAnything)) return;
    isBeingRead = true;
    const batch = isAnything ? undefined : [...paths];
    paths.clear();
    isAnything = false;
    send(batch);
  }

  function schedule(): void {
    if (isScheduled || isBeingRead) return;
    isScheduled = true;
    setImmediate(flush);
  }

  return {
    add(path) {
      if (!isAnything) paths.add(path);
      if (paths.size > maxQueuedPaths) this.addAnything();
      else schedule();
    },
    addAnything() {
      paths.clear();
      isAnything = true;
      schedule();
    },
    read() {
      isBeingRead = false;
      if (paths.size > 0 || isAnything) schedule();
    },
  };
}

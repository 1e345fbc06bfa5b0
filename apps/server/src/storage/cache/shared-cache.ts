/** What is asked of a cache that several processes share. */
export interface SharedQuestion {
  readonly key: string;
  /** How long an answer may be remembered: what bounds the harm when a deletion is lost. */
  readonly timeToLiveMs: number;
  /** Is what is remembered still right? Left out: it is. */
  readonly isGood?: (answer: string) => boolean;
  /** Asks the truth. */
  readonly fill: () => Promise<string>;
}

/**
 * Remembers answers for all processes of a server (cache-aside). It never fails and never holds anybody up for longer than a bound: while it is slow, empty or gone, `fill` is asked instead.
 * A fill that races with an invalidation of its key is not remembered, since the key is promised to a fill before the truth is asked, and an invalidation takes the promise away.
 */
export interface SharedCache {
  /** The remembered answer, or what `fill` answers. */
  getOrFill(question: SharedQuestion): Promise<string>;
  /** Resolves once the keys are forgotten everywhere: true, or false when that can't be said. Sent at once, so that later questions of this process come behind it. */
  invalidate(keys: readonly string[]): Promise<boolean>;
  /** Resolves when the invalidations that were begun are through, or given up; undefined when there are none. */
  settled(): Promise<void> | undefined;
  statistics(): SharedCacheStatistics;
  close(): Promise<void>;
}

/** Since the start of this process. */
export interface SharedCacheStatistics {
  readonly hits: number;
  readonly misses: number;
  /** Questions that the cache could not be asked. */
  readonly failures: number;
}

/** A longer answer (in characters) is not remembered. */
export const maxSharedAnswer = 512 * 1024;

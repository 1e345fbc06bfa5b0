/** Whether all that was asked about could be brought in step. */
export type SyncOutcome = "synced" | "issues";

/** Somebody waits until everything was looked at, and is in step. */
export interface Waiter {
  needsScan: boolean;
  needsFeed: boolean;
}

/** Those who wait. Who came first is told first. */
export class Waiters {
  readonly #resolvers = new Map<Waiter, (outcome: SyncOutcome) => void>();

  get size(): number {
    return this.#resolvers.size;
  }

  add(): Promise<SyncOutcome> {
    return new Promise((resolve) => this.#resolvers.set({ needsScan: true, needsFeed: true }, resolve));
  }

  [Symbol.iterator](): Iterator<Waiter> {
    return this.#resolvers.keys();
  }

  /** Those who wait now: what is looked at from here on is what they asked about. */
  list(): readonly Waiter[] {
    return [...this];
  }

  /** Tells those for whom disk and server were looked at. */
  answer(outcome: () => SyncOutcome): void {
    for (const [waiter, resolve] of this.#resolvers) {
      if (waiter.needsScan || waiter.needsFeed) continue;
      this.#resolvers.delete(waiter);
      resolve(outcome());
    }
  }
}

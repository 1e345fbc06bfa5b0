/** Work of one caller, committed whole with that of others. */
interface Waiting<Item> {
  readonly items: readonly Item[];
  readonly weight: number;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Turns many small commits into few: all work that was added while a commit runs goes into the next, together, in order.
 * A lone caller waits for nobody. When a commit fails, all work in it fails, and the next begins afresh.
 */
export class GroupCommit<Item> {
  readonly #commit: (items: Item[]) => Promise<void>;
  readonly #maxGroupWeight: number;
  #waiting: Waiting<Item>[] = [];
  #running: Promise<void> | undefined;

  /** `maxGroupWeight` bounds one commit, except that a caller's work is never split. */
  constructor(options: { readonly commit: (items: Item[]) => Promise<void>; readonly maxGroupWeight: number }) {
    this.#commit = options.commit;
    this.#maxGroupWeight = options.maxGroupWeight;
  }

  /** Resolves when the commit with these items is done; rejects with its error. */
  add(items: readonly Item[], weight: number): Promise<void> {
    if (items.length === 0) return Promise.resolve();
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ items, weight, done });
    this.#running ??= this.#run();
    return done.promise;
  }

  /** Resolves when nothing waits or runs. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // One turn later, so that calls made in the same breath share the first commit.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        await this.#commit(group.flatMap((waiting) => waiting.items));
        for (const { done } of group) done.resolve();
      } catch (error) {
        for (const { done } of group) done.reject(error);
      }
    }
    this.#running = undefined;
  }

  #takeGroup(): Waiting<Item>[] {
    let weight = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      weight += waiting.weight;
      if (count > 0 && weight > this.#maxGroupWeight) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}

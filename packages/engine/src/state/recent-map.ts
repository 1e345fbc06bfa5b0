/** A map of bounded size that forgets what was not asked for lately: two generations, of which the older goes when the younger is full. What is asked for moves to the younger. */
export class RecentMap<Key, Value extends NonNullable<unknown> | null> {
  readonly #maxYoung: number;
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();

  /** @param maxEntries the most that are kept; between half of them and all are */
  constructor(maxEntries: number) {
    this.#maxYoung = Math.ceil(maxEntries / 2);
  }

  get(key: Key): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old === undefined) return undefined;
    this.#old.delete(key);
    this.set(key, old);
    return old;
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#maxYoung && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  delete(key: Key): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}

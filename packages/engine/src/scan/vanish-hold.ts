import type { EntryId } from "@satchel/protocol";

/** So long nothing else may have vanished before a vanished entry counts as deleted: the halves of a move are told apart, and a folder's files before the folder. */
export const vanishQuietMs = 25;
/** So long it counts as there at most, while others go on vanishing: somebody may be emptying the whole folder. */
const maxHoldMs = 5000;

/** Entries that are not where they were, and may turn up elsewhere. */
export class VanishHold {
  readonly #held = new Map<EntryId, { readonly sinceMs: number; readonly path: string }>();
  #newestMs = 0;

  get size(): number {
    return this.#held.size;
  }

  /** The entry was found missing at its place. Answers whether it has been missed there for long enough; it is then held no longer. */
  hasWaited(id: EntryId, path: string, nowMs: number): boolean {
    const held = this.#held.get(id);
    if (held?.path !== path) {
      // Anew, so that the first is the one who has waited longest.
      this.#held.delete(id);
      this.#held.set(id, { sinceMs: nowMs, path });
      this.#newestMs = nowMs;
      return false;
    }
    const isOver = this.#waitMs(held.sinceMs, nowMs) === 0;
    if (isOver) this.#held.delete(id);
    return isOver;
  }

  release(id: EntryId): void {
    this.#held.delete(id);
  }

  /** Entries and the places where they were missed. */
  entries(): Iterable<readonly [EntryId, { readonly path: string }]> {
    return this.#held;
  }

  clear(): void {
    this.#held.clear();
  }

  /** Places to look at once more now, and in how many milliseconds the next is due (0: now). What is below a missing folder is as missing as the folder. */
  due(nowMs: number): { paths: string[]; nextMs: number | undefined } {
    const [oldest] = this.#held.values();
    const firstMs = oldest && this.#waitMs(oldest.sinceMs, nowMs);
    if (firstMs !== 0) return { paths: [], nextMs: firstMs };
    const paths: string[] = [];
    const missing = new Set([...this.#held.values()].map(({ path }) => path));
    let nextMs: number | undefined;
    for (const { sinceMs, path } of this.#held.values()) {
      const waitMs = this.#waitMs(sinceMs, nowMs);
      if (waitMs > 0) nextMs = Math.min(nextMs ?? waitMs, waitMs);
      else if (!missing.has(path.slice(0, Math.max(0, path.lastIndexOf("/"))))) paths.push(path);
    }
    return { paths, nextMs: paths.length > 0 ? 0 : nextMs };
  }

  /** A clock that jumped ends the wait. */
  #waitMs(sinceMs: number, nowMs: number): number {
    const quiet = vanishQuietMs - Math.abs(nowMs - this.#newestMs);
    const longest = maxHoldMs - Math.abs(nowMs - sinceMs);
    return Math.max(0, Math.min(quiet, longest));
  }
}

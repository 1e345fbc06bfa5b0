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

  /** The entry was found missing. Answers whether it has been missed for long enough; it is then held no longer. */
  hasWaited(id: EntryId, path: string, nowMs: number): boolean {
    const held = this.#held.get(id);
    if (!held) {
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

  /** Holds only those of whom this is true. */
  keepOnly(isHeld: (id: EntryId, path: string) => boolean): void {
    for (const [id, { path }] of this.#held) if (!isHeld(id, path)) this.#held.delete(id);
  }

  clear(): void {
    this.#held.clear();
  }

  /** Places to look at once more now, and in how many milliseconds the next is due (0: now). What is below a missing folder is as missing as the folder. */
  due(nowMs: number): { paths: string[]; nextMs: number | undefined } {
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

import type { EntryId } from "@satchel/protocol";

/** Something that a person should know of, or can mend. */
export interface Issue {
  readonly path: string;
  readonly code: string;
  /** One sentence for a person, with what to do. */
  readonly message: string;
}

/** How long an entry that failed is left alone: doubling from the first to the last. */
const firstPauseMs = 1000;
const lastPauseMs = 60_000;

/** So often in a row an entry may find the disk changed before it is left alone; a row ends when nothing happened for the latter. */
const freeTries = 5;
const obstacleMemoryMs = 2 * lastPauseMs;
/** More entries than this are not in trouble at once; forgetting them costs some tries. */
const maxObstacles = 10_000;

interface Blocked extends Issue {
  readonly untilMs: number;
  readonly pauseMs: number;
}

/** What is wrong at the moment: with entries, which are tried again after a while, with places that a scan could not read, and with the folder as a whole. */
export class IssueBook {
  readonly #blocked = new Map<EntryId, Blocked>();
  readonly #obstacles = new Map<EntryId, { readonly count: number; readonly atMs: number }>();
  readonly #scanned = new Map<string, readonly Issue[]>();
  #general: Issue | undefined;

  /** The entry could not be synchronised now. */
  block(id: EntryId, issue: Issue, nowMs: number): void {
    const before = this.#blocked.get(id);
    const pauseMs = before ? Math.min(before.pauseMs * 2, lastPauseMs) : firstPauseMs;
    this.#blocked.set(id, { ...issue, pauseMs, untilMs: nowMs + pauseMs });
  }

  /** The disk was not as it was planned for. A look should tell why; when it keeps being in the way all the same, the entry is left alone for a while. [EN24] */
  obstruct(id: EntryId, issue: Issue, nowMs: number): void {
    const before = this.#obstacles.get(id);
    const isRepeated = before !== undefined && Math.abs(nowMs - before.atMs) < obstacleMemoryMs;
    const count = isRepeated ? before.count + 1 : 1;
    if (this.#obstacles.size >= maxObstacles) this.#obstacles.clear();
    this.#obstacles.set(id, { count, atMs: nowMs });
    if (count > freeTries) this.block(id, issue, nowMs);
  }

  isBlocked(id: EntryId): boolean {
    return this.#blocked.has(id);
  }

  get blockedCount(): number {
    return this.#blocked.size;
  }

  /** Whether it is too early to try the entry again. */
  isPaused(id: EntryId, nowMs: number): boolean {
    const blocked = this.#blocked.get(id);
    return blocked !== undefined && nowMs < blocked.untilMs && nowMs > blocked.untilMs - 2 * lastPauseMs;
  }

  /** In how many milliseconds the next entry may be tried again. */
  nextTryMs(nowMs: number): number | undefined {
    let next: number | undefined;
    for (const { untilMs } of this.#blocked.values())
      if (untilMs > nowMs) next = Math.min(next ?? lastPauseMs, untilMs - nowMs);
    return next;
  }

  /** Forgets what was wrong with entries that are in step now. */
  keepOnly(isOpen: (id: EntryId) => boolean): void {
    for (const id of this.#blocked.keys()) if (!isOpen(id)) this.#blocked.delete(id);
    for (const id of this.#obstacles.keys()) if (!isOpen(id)) this.#obstacles.delete(id);
  }

  /** What a scan found unreadable at and below a path, in place of what it found there before. */
  setScanned(path: string, issues: readonly Issue[]): void {
    for (const known of this.#scanned.keys())
      if (path === "" || known === path || known.startsWith(`${path}/`)) this.#scanned.delete(known);
    if (issues.length > 0) this.#scanned.set(path, issues);
  }

  setGeneral(issue: Issue | undefined): void {
    this.#general = issue;
  }

  list(): Issue[] {
    const entries = [...this.#blocked.values()].map(({ path, code, message }) => ({ path, code, message }));
    return [...(this.#general ? [this.#general] : []), ...entries, ...[...this.#scanned.values()].flat()];
  }

  get general(): Issue | undefined {
    return this.#general;
  }
}

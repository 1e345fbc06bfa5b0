import type { EntryId } from "@satchel/protocol";
import type { LoneOperation } from "@satchel/reconcile";
import { applyLocal } from "../apply/local-operations.ts";
import type { JobPool } from "../run/work/job-pool.ts";
import type { EngineParts } from "../run/parts.ts";
import { commitAll, type CommitContext } from "../transfer/commit-queue.ts";
import { fetchFiles, type FetchTarget } from "../transfer/fetch.ts";
import { ingest } from "../transfer/ingest.ts";
import { LoneQueues, type LoneStep } from "./lone-queues.ts";

/** The most bytes of small files between being read and being committed: less than what is carried, so that nothing has to be read twice. */
const maxHeldBytes = 16 * 1024 * 1024;
/** So many files of them, when they are tiny: enough for some commits. */
const maxHeldFiles = 4000;
/** How often it is looked for what is held and will not be committed. */
const heldCheckMs = 1000;
/** The most of one job: files, and bytes. */
const readBounds = { maxItems: 100, maxBytes: 4 * 1024 * 1024 };
const commitBounds = { maxItems: 400, maxBytes: 4 * 1024 * 1024 };
const fetchBounds = { maxItems: 200, maxBytes: 4 * 1024 * 1024 };
/** Folders that are made side by side. */
const folderBounds = { maxItems: 500, maxBytes: Number.POSITIVE_INFINITY };
const aloneBounds = { maxItems: 1, maxBytes: Number.POSITIVE_INFINITY };
/** Files that are still being written are passed over; so many are looked at in one turn. */
const maxLookedAt = 1000;

export interface LoneWorkParts {
  readonly parts: EngineParts;
  readonly jobs: JobPool;
  readonly onRefused: CommitContext["onRefused"];
  readonly onGap: () => void;
  /** Of what ends all transfers; none begins while it is aborted. */
  readonly signal: () => AbortSignal;
}

/** Carries single entries from step to step, as fast as each step has room for more: what was read is committed while the next is read. */
export class LoneWork {
  readonly #own: LoneWorkParts;
  readonly queues: LoneQueues;
  /** Bytes of small files that are being read, or wait for their commit. */
  readonly #held = new Map<EntryId, number>();
  #heldBytes = 0;
  #heldCheckedMs = 0;
  /** Entries that were put behind their folder since something was last taken for a commit. */
  #passedOver = 0;

  constructor(own: LoneWorkParts) {
    this.#own = own;
    this.queues = new LoneQueues(own.parts.state, (id) => own.parts.exclusions.isExcluded(id));
  }

  /** Sorts what changed, and starts what there is room for. Answers when a file is expected to rest that is being written; 0 when there is more to sort. */
  async advance(): Promise<number | undefined> {
    const isMore = this.#sort();
    await this.#makeFolders();
    const againInMs = this.#startReads();
    this.startTransfers();
    return isMore || this.#isParentBehind() ? 0 : againInMs;
  }

  /**
   * In the midst of a look at everything: sorts what was found, reads and commits it. Nothing, where something is to come from the server: it may lie where nobody looked yet, and be ignore rules for what was
   * found.
   */
  async send(): Promise<void> {
    const { jobs, parts, signal } = this.#own;
    while (this.#sort()) await parts.clock.breathe?.();
    if (this.queues.isAnythingToCome) return;
    this.#startReads();
    if (parts.connection.mayTry && !signal().aborted && jobs.hasRoom("commit")) this.#startCommit();
  }

  /** Starts commits and fetches of what is sorted already. */
  startTransfers(): void {
    const { jobs, parts, signal } = this.#own;
    if (!parts.connection.mayTry || signal().aborted) return;
    if (jobs.hasRoom("commit")) this.#startCommit();
    while (jobs.hasRoom("fetch_small") && this.#startFetch("fetch_small"));
    while (jobs.hasRoom("fetch_large") && this.#startFetch("fetch_large"));
  }

  #sort(): boolean {
    const { issues, clock } = this.#own.parts;
    const now = clock.nowMs();
    return this.queues.sort({
      isInJob: (id) => this.#own.jobs.has(id),
      isPaused: (id) => issues.isPaused(id, now),
    });
  }

  /** Parents before their children: each turn makes those whose folder is there. */
  async #makeFolders(): Promise<void> {
    const { parts } = this.#own;
    for (;;) {
      const ready = this.#take("make_folder", { ...folderBounds, isReady: (operation) => this.#hasParent(operation) });
      if (ready.length === 0) return;
      const ids = ready.map(({ id }) => id);
      this.queues.setComing(ids);
      await Promise.all(
        ready.map(async (operation) => operation.do === "make_folder" && (await applyLocal(parts, operation))),
      );
      this.queues.ended(ids, false);
    }
  }

  #startReads(): number | undefined {
    const { parts, jobs, signal } = this.#own;
    const { state, quiet, connection } = parts;
    let againInMs: number | undefined;
    if (signal().aborted) return againInMs;
    const isReady = ({ id }: LoneOperation): boolean => {
      const waitMs = quiet.waitMs(id);
      if (waitMs === 0) return true;
      againInMs = Math.min(againInMs ?? waitMs, waitMs);
      const path = state.localPath(id);
      if (path !== undefined) parts.hints.add(path);
      return false;
    };
    const sizeOf = (id: EntryId): number => state.local.find(id)?.sizeBytes ?? 0;
    const start = (kind: "ingest_small" | "ingest_large", bounds: { maxItems: number; maxBytes: number }): boolean => {
      const ids = this.#take(kind === "ingest_small" ? "read_small" : "read_large", { ...bounds, sizeOf, isReady }).map(
        ({ id }) => id,
      );
      if (ids.length === 0) return false;
      if (kind === "ingest_small") for (const id of ids) this.#hold(id, sizeOf(id));
      jobs.add({ kind, ids, work: () => ingest(parts, ids, signal()) });
      return true;
    };
    while (jobs.hasRoom("ingest_small") && !this.#isFull() && start("ingest_small", readBounds));
    while (connection.mayTry && jobs.hasRoom("ingest_large") && start("ingest_large", aloneBounds));
    return againInMs;
  }

  #startCommit(): void {
    const { parts, jobs, onRefused, onGap } = this.#own;
    const { state } = parts;
    const seen = state.cursor;
    if (seen === undefined) return;
    const sizeOf = (id: EntryId): number => this.#held.get(id) ?? 0;
    // A new folder that was moved meanwhile waits anew, behind what is in it: that goes behind it in turn.
    const isReady = (operation: LoneOperation, taken: readonly LoneOperation[]): boolean => {
      const isBehind = !this.#isAheadOfParent(operation, taken);
      if (!isBehind) {
        this.queues.putLast(operation.id);
        this.#passedOver += 1;
      }
      return isBehind;
    };
    const operations = this.#take("commit", { ...commitBounds, sizeOf, isReady }).flatMap((plan) =>
      plan.do === "create_remote" || plan.do === "edit_remote"
        ? [{ plan, baseVersionId: state.remote.find(plan.id)?.versionId ?? null }]
        : [],
    );
    if (operations.length === 0) return;
    this.#passedOver = 0;
    const ids = operations.map(({ plan: { id } }) => id);
    this.queues.setComing(ids);
    const refuse: CommitContext["onRefused"] = (id, code, detail) => {
      this.queues.leave(id);
      onRefused(id, code, detail);
    };
    const context = { ...parts, onRefused: refuse, onGap };
    const work = (): Promise<void> =>
      commitAll(context, { operations, seen }).finally(() => {
        for (const id of ids) this.#release(id);
      });
    jobs.add({ kind: "commit", ids, work });
  }

  #startFetch(step: "fetch_small" | "fetch_large"): boolean {
    const { parts, jobs, signal } = this.#own;
    const bounds = step === "fetch_small" ? fetchBounds : aloneBounds;
    const sizeOf = (id: EntryId): number => parts.state.remote.find(id)?.sizeBytes ?? 0;
    const isReady = (operation: LoneOperation): boolean => this.#hasParent(operation);
    const taken = this.#take(step, { ...bounds, sizeOf, isReady });
    const targets = taken.flatMap((operation): FetchTarget[] => (operation.do === "fetch" ? [operation] : []));
    if (targets.length === 0) return false;
    const ids = targets.map(({ id }) => id);
    jobs.add({ kind: step, ids, work: () => fetchFiles(parts, targets, signal()) });
    return true;
  }

  /** Takes what is still to be done out of a queue, planned anew; what is not so any more is left to the plan for all. */
  #take(step: LoneStep, { maxItems, maxBytes, sizeOf, isReady }: Taking): LoneOperation[] {
    const planAlone = this.queues.planner();
    const taken: LoneOperation[] = [];
    let [bytes, looked] = [0, 0];
    for (const id of this.queues.waiting(step)) {
      if (taken.length >= maxItems || (looked += 1) > maxLookedAt) break;
      const operation = planAlone(id, this.queues.isComing);
      if (operation === undefined || !isOf(step, operation)) {
        this.queues.leave(id);
        continue;
      }
      if (isReady?.(operation, taken) === false) continue;
      const sizeBytes = sizeOf?.(id) ?? 0;
      if (taken.length > 0 && bytes + sizeBytes > maxBytes) break;
      bytes += sizeBytes;
      taken.push(operation);
    }
    for (const operation of taken) {
      this.queues.drop(operation.id);
      if (operation.do !== "ingest") this.#own.parts.decisions.note(operation);
    }
    return taken;
  }

  /** Whether the folder that the entry goes into is on the disk. */
  #hasParent(operation: LoneOperation): boolean {
    return "place" in operation && this.#own.parts.state.local.find(operation.place.parentId) !== undefined;
  }

  /** Whether the new folder that the entry goes into waits for its commit still. */
  #isAheadOfParent(operation: LoneOperation, taken: readonly LoneOperation[]): boolean {
    if (!("place" in operation)) return false;
    const { parentId } = operation.place;
    return this.queues.waiting("commit").has(parentId) && !taken.some(({ id }) => id === parentId);
  }

  /** Whether a folder that can be committed is still to come in the queue, after more of what is in it than one turn looks at. Once around, and nothing will come of it. */
  #isParentBehind(): boolean {
    const { jobs, parts } = this.#own;
    if (this.#passedOver === 0 || !parts.connection.mayTry || !jobs.hasRoom("commit")) return false;
    const isBehind = this.#passedOver <= this.queues.waiting("commit").size;
    if (!isBehind) this.#passedOver = 0;
    return isBehind;
  }

  #hold(id: EntryId, bytes: number): void {
    this.#heldBytes += bytes - (this.#held.get(id) ?? 0);
    this.#held.set(id, bytes);
  }

  #release(id: EntryId): void {
    this.#heldBytes -= this.#held.get(id) ?? 0;
    this.#held.delete(id);
  }

  /** Whether as much was read as may wait for its commit. What went another way meanwhile is found out here, now and then. */
  #isFull(): boolean {
    if (this.#heldBytes < maxHeldBytes && this.#held.size < maxHeldFiles) return false;
    const { jobs, parts } = this.#own;
    const nowMs = parts.clock.nowMs();
    // While something is being committed, its end is the time to ask again.
    if (jobs.isRunning("commit") && Math.abs(nowMs - this.#heldCheckedMs) < heldCheckMs) return true;
    this.#heldCheckedMs = nowMs;
    for (const id of this.#held.keys()) {
      if (!jobs.has(id) && !parts.state.isFresh(id) && !this.queues.waiting("commit").has(id)) this.#release(id);
    }
    return this.#heldBytes >= maxHeldBytes || this.#held.size >= maxHeldFiles;
  }
}

/** What is taken out of a queue. */
interface Taking {
  readonly maxItems: number;
  readonly maxBytes: number;
  /** Default: no bytes. */
  readonly sizeOf?: (id: EntryId) => number;
  /** Default: all are. What isn't ready waits on. */
  readonly isReady?: (operation: LoneOperation, taken: readonly LoneOperation[]) => boolean;
}

function isOf(step: LoneStep, { do: what }: LoneOperation): boolean {
  if (step === "commit") return what === "create_remote" || what === "edit_remote";
  if (step === "make_folder") return what === "make_folder";
  return step.startsWith("read") ? what === "ingest" : what === "fetch";
}

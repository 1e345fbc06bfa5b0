import { isTransient, LoginRevokedError, OfflineError } from "@satchel/api-client";
import { ProblemError, type EntryId } from "@satchel/protocol";
import { agreedItem, defaultPlanLimit, type BookOperation, type LocalOperation, type Plan } from "@satchel/reconcile";
import { applyLocal } from "../../apply/local-operations.ts";
import { adopt } from "../../books/adopt.ts";
import { forget } from "../../books/forget.ts";
import { settle } from "../../books/settle.ts";
import { withdraw } from "../../exclude/withdraw.ts";
import { unmarkSettled } from "../../books/unmark-settled.ts";
import { maxSmallFileBytes } from "../../ports/disk.ts";
import { LoneWork } from "../../lone/lone-work.ts";
import { changedToPlan, maxWaitingPlanned } from "../../lone/plan-scope.ts";
import { commitAll, type CommitContext } from "../../transfer/commit-queue.ts";
import { fetchBatches, fetchFiles, type FetchTarget } from "../../transfer/fetch.ts";
import { ingest, ingestBatches } from "../../transfer/ingest.ts";
import { mergeEdits } from "../../merge/merge-edits.ts";
import { giveIn } from "../../view-only/give-in.ts";
import { failureMessage } from "../failure-message.ts";
import { JobPool } from "./job-pool.ts";
import type { EngineParts } from "../parts.ts";

/** Found entries that are started with before all is found: some jobs' worth. */
export const manyFound = 500;
/** So many found entries may wait before a look at everything goes on: enough for some seconds of sending, and a few megabytes. */
const maxFoundAhead = 20_000;

/** What a round of planning led to. */
export interface Round {
  /** Something was done at once, so that there may be more to plan. */
  readonly didWork: boolean;
  /** In how many milliseconds something that was left for later is due. */
  readonly againInMs: number | undefined;
}

/** Turns plans into work: books and the disk's structure at once, transfers as jobs beside. */
export class Dispatcher {
  readonly #parts: EngineParts;
  readonly #jobs: JobPool;
  readonly #lone: LoneWork;
  readonly #onFatal: (error: unknown) => void;
  #abort = new AbortController();
  /** The server knows something that this device does not: it must be heard before the next plan. */
  needsFeed = false;

  constructor(parts: EngineParts, onFatal: (error: unknown) => void) {
    this.#parts = parts;
    this.#onFatal = onFatal;
    this.#jobs = new JobPool((error, ids) => this.#settled(error, ids));
    this.#lone = new LoneWork({
      parts,
      jobs: this.#jobs,
      onRefused: (id, code, detail) => this.#onRefused(id, code, detail),
      onGap: () => (this.needsFeed = true),
      signal: () => this.#abort.signal,
    });
  }

  get isIdle(): boolean {
    return this.#jobs.isIdle;
  }

  get isCommitting(): boolean {
    return this.#jobs.isRunning("commit");
  }

  /** Whether something is pending that {@link advance} can't do. */
  get needsPlan(): boolean {
    return this.#parts.isViewOnly || this.#lone.queues.hasRest || this.#parts.exclusions.isAnyPresent;
  }

  /** Starts what can be planned entry by entry. */
  async advance(): Promise<Round> {
    if (this.#parts.isViewOnly) return { didWork: false, againInMs: undefined };
    const againInMs = await this.#lone.advance();
    return { didWork: againInMs === 0, againInMs };
  }

  /** The same in the midst of a look at a new folder, once what was found so far is worth a job. Not where a new ignore file may have it left alone. [EN121] */
  async advanceMeanwhile(): Promise<void> {
    const { state, root, hints, isViewOnly, worthStarting = manyFound } = this.#parts;
    if (isViewOnly || state.freshCount < worthStarting || hints.hasIgnoreFile) return;
    await root.check();
    await this.advance();
  }

  /**
   * The same in the midst of a look at everything, as {@link LoneWork.send} does it. Answers whether more was found than need lie waiting, while some of it is on its way. [EN125]
   */
  async sendMeanwhile(): Promise<boolean> {
    const { state, root, hints, isViewOnly, maxFoundAhead: limit = maxFoundAhead } = this.#parts;
    if (isViewOnly || hints.hasIgnoreFile) return false;
    await root.check();
    await this.#lone.send();
    return state.changedCount() > limit && !this.#jobs.isIdle;
  }

  /** Plans all that is pending, and starts what can be done. Without `transfers` only the books are kept. */
  async round(options: { transfers: boolean }): Promise<Round> {
    const { state, exclusions, mounts } = this.#parts;
    mounts.tidy();
    const scope = this.#changedToPlan();
    state.transaction(() => unmarkSettled(state, scope));
    exclusions.markPresent();
    if (state.changedCount() === 0) return { didWork: false, againInMs: undefined };
    const changed = exclusions.isAny ? state.changed() : scope.filter((id) => state.isChanged(id));
    // A plan costs by what it is told of, so it must not leave most of that to the next one.
    const limit = Math.max(defaultPlanLimit, changed.length);
    const { plan: next, withdrawn } = exclusions.plan({ isBusy: (id) => !this.#isFree(id), limit }, changed);
    this.#keepBooks(next.books);
    if (!options.transfers || this.#abort.signal.aborted) return { didWork: false, againInMs: undefined };
    const againInMs = this.#startIngest(next);
    const changedDisk = (await this.#applyLocals(next.local)) || (await this.#withdraw(withdrawn));
    if (this.#abort.signal.aborted) return { didWork: next.books.length > 0 || changedDisk, againInMs };
    this.#startFetches(next.local);
    this.#startMerges(next.local);
    const gaveIn = this.#parts.isViewOnly ? await this.#giveIn(next.remote) : this.#startCommit(next);
    return { didWork: next.books.length > 0 || changedDisk || gaveIn, againInMs };
  }

  /** Has what is under way end. Nothing begins any more, also in a plan that is being carried out, until {@link goOn}. [EN124] */
  halt(): void {
    this.#jobs.clearWaiting();
    this.#abort.abort();
  }

  /** Halts; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.halt();
    while (!this.#jobs.isIdle) await this.#parts.clock.sleep(5);
  }

  /** Lets transfers begin (again, once those that were halted have ended), unless they are not, or meanwhile no more, wanted. Answers whether they may. */
  async goOn(isWanted: () => boolean): Promise<boolean> {
    if (!isWanted()) return false;
    if (!this.#abort.signal.aborted) return true;
    while (!this.#jobs.isIdle) await this.#parts.clock.sleep(5);
    if (!isWanted()) return false;
    this.#abort = new AbortController();
    return true;
  }

  #changedToPlan(): EntryId[] {
    const { state, exclusions, isViewOnly, maxWaitingPlanned: limit = maxWaitingPlanned } = this.#parts;
    if (exclusions.isAny || isViewOnly) return state.changed();
    const { queues } = this.#lone;
    return changedToPlan({ state, isWaiting: queues.has, waitingCount: queues.count, maxWaitingPlanned: limit });
  }

  #isFree(id: EntryId): boolean {
    return (
      !this.#jobs.has(id) && !this.#lone.queues.has(id) && !this.#parts.issues.isPaused(id, this.#parts.clock.nowMs())
    );
  }

  #keepBooks(operations: readonly BookOperation[]): void {
    const { state } = this.#parts;
    state.transaction(() => {
      for (const operation of operations) {
        if (operation.do === "agree") this.#agree(operation.id);
        else if (operation.do === "forget") forget(state, operation.id);
        else adopt(state, operation.id, operation.remoteId);
      }
    });
  }

  /** Aspect by aspect: what is equal is agreed on, while the rest is still under way. [RC11] */
  #agree(id: EntryId): void {
    const { state } = this.#parts;
    const [local, remote, synced] = [state.local.find(id), state.remote.find(id), state.synced.find(id)];
    const agreed = local && remote && agreedItem(synced, local, remote);
    if (agreed && agreed !== synced) state.synced.put(agreed);
    settle(state, id);
  }

  #startIngest(next: Plan): number | undefined {
    const { state, quiet, connection } = this.#parts;
    let againInMs: number | undefined;
    const ready: EntryId[] = [];
    // What is moved in this round is read in a later one: a step left out for being busy would break the order of the others. [EN33]
    const engaged = new Set([...next.local, ...(connection.mayTry ? next.remote : [])].map(({ id }) => id));
    for (const { id } of next.ingest) {
      if (!this.#isFree(id) || engaged.has(id)) continue;
      const isLarge = (state.local.find(id)?.sizeBytes ?? 0) > maxSmallFileBytes;
      if (isLarge && !connection.mayTry) continue;
      const waitMs = quiet.waitMs(id);
      if (waitMs === 0) ready.push(id);
      else {
        againInMs = Math.min(againInMs ?? waitMs, waitMs);
        this.#lookWhenRested(id);
      }
    }
    for (const ids of ingestBatches(state, ready)) {
      const isLarge = (state.local.find(ids[0] as EntryId)?.sizeBytes ?? 0) > maxSmallFileBytes;
      this.#jobs.add({
        kind: isLarge ? "ingest_large" : "ingest_small",
        ids,
        work: () => ingest(this.#parts, ids, this.#abort.signal),
      });
    }
    return againInMs;
  }

  #lookWhenRested(id: EntryId): void {
    const path = this.#parts.state.localPath(id);
    if (path !== undefined) this.#parts.hints.add(path);
  }

  async #applyLocals(operations: readonly LocalOperation[]): Promise<boolean> {
    let changed = false;
    for (const operation of operations) {
      if (operation.do === "fetch" || !this.#isFree(operation.id) || this.#isToMerge(operation)) continue;
      this.#parts.decisions.note(operation);
      changed = (await applyLocal(this.#parts, operation)) || changed;
    }
    return changed;
  }

  #withdraw(ids: readonly EntryId[]): Promise<boolean> {
    const free = ids.filter((id) => this.#isFree(id));
    for (const id of free) this.#parts.decisions.note({ do: "withdraw", id });
    return withdraw(this.#parts, free);
  }

  #startFetches(operations: readonly LocalOperation[]): void {
    const { state, connection, decisions } = this.#parts;
    if (!connection.mayTry) return;
    const targets = operations.filter(
      (operation): operation is FetchTarget & { do: "fetch" } => operation.do === "fetch" && this.#isFree(operation.id),
    );
    for (const target of targets) decisions.note(target);
    for (const batch of fetchBatches(state, targets)) {
      const isLarge =
        batch.length === 1 && (state.remote.find(batch[0]?.id as EntryId)?.sizeBytes ?? 0) > maxSmallFileBytes;
      this.#jobs.add({
        kind: isLarge ? "fetch_large" : "fetch_small",
        ids: batch.map(({ id }) => id),
        work: () => fetchFiles(this.#parts, batch, this.#abort.signal),
      });
    }
  }

  /** Whether an entry that is to be set aside for its content may be merged instead. Nothing else of a plan relies on that step. [EN110] */
  #isToMerge(operation: LocalOperation): boolean {
    return operation.do === "set_aside" && operation.split && this.#parts.mergeBook.find(operation.id) !== undefined;
  }

  #startMerges(operations: readonly LocalOperation[]): void {
    const { state, connection, decisions, mergeBook } = this.#parts;
    const seen = state.cursor;
    if (!connection.mayTry || seen === undefined) return;
    for (const operation of operations) {
      if (!this.#isToMerge(operation) || !this.#isFree(operation.id)) continue;
      const edits = mergeBook.find(operation.id);
      if (!edits) continue;
      decisions.note({ do: "merge_remote", id: edits.id });
      this.#jobs.add({
        kind: "commit",
        ids: [edits.id],
        work: () => mergeEdits(this.#commitContext(), { edits, seen }),
      });
    }
  }

  /** Nothing of this device's is committed. Answers whether something was done instead. */
  async #giveIn(refused: Plan["remote"]): Promise<boolean> {
    const { state, offers, issues, clock } = this.#parts;
    const free = refused.filter(({ id }) => this.#isFree(id));
    const operations = giveIn(free, { state, offers, issues, nowMs: clock.nowMs() });
    const cameAgain = free.some((operation) => operation.do === "delete_remote");
    return (await this.#applyLocals(operations)) || cameAgain;
  }

  /** Answers false: what it starts is done later. */
  #startCommit(next: Plan): false {
    if (!this.#parts.connection.mayTry) return false;
    const { state } = this.#parts;
    const operations = next.remote
      .filter(({ id }) => this.#isFree(id))
      .map((plan) => ({ plan, baseVersionId: state.remote.find(plan.id)?.versionId ?? null }));
    const seen = state.cursor;
    if (operations.length === 0 || seen === undefined) return false;
    const context = this.#commitContext();
    for (const { plan } of operations) this.#parts.decisions.note(plan);
    this.#jobs.add({
      kind: "commit",
      ids: [...new Set(operations.map(({ plan: { id } }) => id))],
      work: () => commitAll(context, { operations, seen }),
    });
    return false;
  }

  #commitContext(): EngineParts & CommitContext {
    return {
      ...this.#parts,
      onRefused: (id, code, detail) => this.#onRefused(id, code, detail),
      onGap: () => (this.needsFeed = true),
    };
  }

  #onRefused(id: EntryId, code: string, detail: string): void {
    const { state, issues, clock, log } = this.#parts;
    this.needsFeed = true;
    log("the server refused a change", { id, code });
    if (
      code === "quota_exceeded" ||
      code === "bad_request" ||
      code === "forbidden" ||
      code === "limit_exceeded" ||
      code === "manifest_mismatch"
    ) {
      issues.block(id, { path: state.localPath(id) ?? "", code, message: detail }, clock.nowMs());
    }
  }

  #settled(error: unknown, ids: readonly EntryId[]): void {
    const { connection, wake, state, issues, clock, log } = this.#parts;
    this.#lone.queues.ended(ids, error !== undefined);
    if (error === undefined) {
      connection.found();
      if (!this.needsFeed) this.#lone.startTransfers();
    } else if (isTransient(error)) {
      const retryAfter =
        error instanceof ProblemError || error instanceof OfflineError ? error.retryAfterSeconds : undefined;
      connection.lost(failureMessage(error), retryAfter);
    } else if (error instanceof LoginRevokedError) this.#onFatal(error);
    else if (!this.#abort.signal.aborted) {
      this.needsFeed = true;
      log("a transfer failed", { error: (error instanceof Error && error.stack) || failureMessage(error) });
      for (const id of ids) {
        const path = state.localPath(id) ?? state.remote.find(id)?.name ?? "";
        issues.block(
          id,
          {
            path,
            code: error instanceof ProblemError ? error.code : "internal",
            message: failureMessage(error),
          },
          clock.nowMs(),
        );
      }
    }
    wake.now();
  }
}

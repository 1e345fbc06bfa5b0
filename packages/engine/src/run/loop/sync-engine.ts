import { LoginRevokedError, isTransient } from "@satchel/api-client";
import { ignoreFileName, type ChangesPush, type EntryId } from "@satchel/protocol";
import type { OnHint } from "../../ports/watcher.ts";
import { recoverLimbo } from "../../apply/recover-limbo.ts";
import { Dispatcher, type Round } from "../work/dispatcher.ts";
import { withdrawAll } from "../../mounts/withdraw-all.ts";
import { givingAgain } from "../../transfer/give-again.ts";
import { keepAtTheEnd, keepFirst } from "./keep-at-both-ends.ts";
import { earliest } from "./earliest.ts";
import { failureMessage } from "../failure-message.ts";
import { FullLook } from "./full-look.ts";
import { insightOf, type Insight } from "../report/insight.ts";
import { wireEngine, type EngineOptions, type EngineParts } from "../parts.ts";
import { RootChangedError } from "../outside/root-guard.ts";
import { describeTurnFailure } from "./turn-failure.ts";
import { sendMeanwhile, type Midst } from "./send-meanwhile.ts";
import { Waiters, type SyncOutcome } from "./waiters.ts";
import { describeItem, describeState, describeStatus, type EngineStatus, type ItemStatus } from "../report/status.ts";

/** Without a watcher the folder is scanned this often. */
const scanIntervalMs = 10_000;
/** With one it is scanned all the same, since a watcher may miss something. */
const watchedScanIntervalMs = 15 * 60_000;
/** How often a folder that was gone is looked for. */
const rootRetryMs = 5000;

export type EngineEvent =
  | { readonly event: "state"; readonly state: EngineStatus["state"] }
  | { readonly event: "issue"; readonly path: string; readonly code: string; readonly message: string };

/**
 * Keeps one folder in step with one workspace: looks at the disk, listens to the server, plans, and does. One loop does the looking and planning, transfers run beside it.
 */
export class SyncEngine {
  readonly #parts: EngineParts;
  readonly #dispatcher: Dispatcher;
  readonly #waiters = new Waiters();
  readonly #fullLook: FullLook;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  #pushes: ChangesPush[] = [];
  /** Pushes that came before the answer to the commit which they tell of. */
  #early: ChangesPush[] = [];
  #isPaused = false;
  #needsFeed = true;
  #seenUndone = 0;
  #nextPlanMs = 0;
  #watch: { mode: "watching" } | { mode: "scanning"; reason: string } | undefined;
  #fatal: { readonly error: unknown } | undefined;
  #lastStatus: EngineStatus | undefined;
  #lastState: EngineStatus["state"] | undefined;

  /** @throws StateNewerError */
  constructor(options: EngineOptions) {
    this.#parts = wireEngine(options);
    this.#fullLook = new FullLook(this.#parts.clock);
    this.#dispatcher = new Dispatcher(this.#parts, (error) => {
      this.#fatal = { error };
      this.#parts.wake.now();
    });
  }

  /** Runs until the signal aborts. @throws RootChangedError at the start, LoginRevokedError, ServerWentBackError: what needs a person */
  async run(signal: AbortSignal): Promise<void> {
    const { root, watcher, server, wake, clock } = this.#parts;
    await root.open();
    await keepFirst(this.#parts);
    await recoverLimbo(this.#parts);
    await this.#parts.reloadIgnoreRules();
    signal.addEventListener("abort", wake.now);
    this.#watch = await watcher.start(
      (paths, seen) => this.#onHint(paths, seen),
      (mode) => {
        this.#watch = mode;
        this.#onHint(undefined);
      },
    );
    const subscription = server.subscribe({
      cursor: () => this.#parts.state.cursor,
      onPush: (push) => this.#onPush(push),
      onWanted: givingAgain(this.#parts),
      onState: (connected) => this.#onConnection(connected),
      onEnd: (error) => {
        this.#fatal = { error };
        wake.now();
      },
    });
    try {
      while (!signal.aborted) {
        const againInMs = await this.#turn(signal);
        await this.#keepNowAndThen();
        this.#tellState();
        if (this.#fatal !== undefined) throw this.#fatal.error;
        if (!signal.aborted && againInMs !== 0) await wake.sleep(againInMs);
        else if (clock.breathe) await clock.breathe();
      }
    } finally {
      signal.removeEventListener("abort", wake.now);
      subscription.close();
      await watcher.stop();
      await this.#dispatcher.stop();
      await keepAtTheEnd(this.#parts);
    }
  }

  /** Resolves when all that was on the disk and on the server at this moment is in step: `issues` when some of it can't be. */
  waitSynced(): Promise<SyncOutcome> {
    const outcome = this.#waiters.add();
    this.#fullLook.ask();
    this.#needsFeed = true;
    this.#parts.wake.now();
    return outcome;
  }

  /** Stops transfers, without ending anything; what is under way is ended and goes on later where it was. */
  pause(): void {
    this.#isPaused = true;
    this.#dispatcher.halt();
    this.#parts.wake.now();
  }

  resume(): void {
    this.#isPaused = false;
    this.#parts.wake.now();
  }

  /** Leaves out these entries of the server and no others, from now on. */
  setExcluded(ids: readonly EntryId[]): void {
    this.#parts.exclusions.choose(ids);
    if (this.#parts.exclusions.returning.length > 0) this.#fullLook.ask();
    this.#parts.wake.now();
  }

  /** What a person may ask of it. */
  get insight(): Insight {
    return insightOf(this.#parts, () => this.waitSynced());
  }

  /** After {@link close}, how it was at the end. */
  status(): EngineStatus {
    return (
      this.#lastStatus ??
      describeStatus(this.#parts, { isPaused: this.#isPaused, isBusy: this.#isBusy(), watch: this.#watch })
    );
  }

  /** Files that are open in an editor on this device, as far as editors show it. [PR5] */
  openInEditors(): EntryId[] {
    const { scanner, state } = this.#parts;
    return this.#lastStatus ? [] : scanner.locks.openFiles(state);
  }

  /** The state of one item; undefined when there is none at this path. */
  itemStatus(path: string): ItemStatus | undefined {
    return describeItem(this.#parts, path);
  }

  /** Gives back memory that only speeds up what comes next: for when nothing came for a while. [EN115] */
  shrink(): void {
    const { state, bundleMemory } = this.#parts;
    if (!this.#dispatcher.isIdle) return;
    state.shrink();
    bundleMemory.rest();
  }

  on(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Instead of {@link run}, or after it. @throws RootChangedError */
  withdraw(): Promise<void> {
    return withdrawAll(this.#parts);
  }

  /** After {@link run} ended. */
  async close(): Promise<void> {
    this.#lastStatus ??= this.status();
    await this.#parts.disk.close();
    this.#parts.state.close();
  }

  /** While transfers run, only every so often. */
  async #keepNowAndThen(): Promise<void> {
    try {
      await (this.#dispatcher.isIdle ? this.#parts.keep() : this.#parts.keepIfDue());
    } catch (error) {
      this.#onTurnFailed(error);
    }
  }

  /** What a failed step of a transfer undid has to be found out again, like what one of this loop did. [EN62] */
  #noticeUndone(): boolean {
    const { timesUndone } = this.#parts.state;
    if (timesUndone === this.#seenUndone) return false;
    this.#seenUndone = timesUndone;
    this.#fullLook.ask();
    this.#needsFeed = true;
    for (const waiter of this.#waiters) Object.assign(waiter, { needsScan: true, needsFeed: true });
    return true;
  }

  /** One turn of the loop: look, plan, do. Returns in how many milliseconds to look again if nothing happens before (0: at once). */
  async #turn(signal: AbortSignal): Promise<number | undefined> {
    const { clock, connection, issues } = this.#parts;
    try {
      this.#noticeUndone();
      const looked = await this.#lookAtDisk(signal);
      await this.#hearServer();
      issues.setGeneral(undefined);
      const round = this.#isCaughtUp ? await this.#plan() : { didWork: false, againInMs: undefined };
      this.#takeNeed();
      if (round.didWork || this.#pushes.length > 0 || (this.#needsFeed && connection.mayTry)) return 0;
      if (this.#noticeUndone() || this.#fullLook.isAsked) return 0;
      this.#parts.mounts.tell(this.#parts.mountHost);
      this.#answerWaiters();
      const due = this.#parts.scanner.due();
      return earliest(
        round.againInMs,
        due.nextMs,
        looked.nextScanMs,
        connection.isOffline ? Math.max(1, connection.waitMs) : undefined,
        issues.nextTryMs(clock.nowMs()),
      );
    } catch (error) {
      // A scan that was told to stop says so by an error.
      if (signal.aborted) return 0;
      return this.#onTurnFailed(error);
    }
  }

  /** What can be done entry by entry is done at once. The rest is planned as a whole, but while transfers run only a small part of the time: that costs by all that is pending. */
  async #plan(): Promise<Round> {
    if (!(await this.#mayTransfer())) return this.#dispatcher.round({ transfers: false });
    const alone = await this.#dispatcher.advance();
    if (alone.didWork || !this.#dispatcher.needsPlan) return alone;
    const whole = await this.#planAll();
    return { didWork: whole.didWork, againInMs: earliest(alone.againInMs, whole.againInMs) };
  }

  async #planAll(): Promise<Round> {
    const { clock } = this.#parts;
    const startedMs = clock.nowMs();
    if (!this.#dispatcher.isIdle && startedMs < this.#nextPlanMs && this.#nextPlanMs - startedMs < maxPlanPauseMs) {
      return { didWork: false, againInMs: this.#nextPlanMs - startedMs };
    }
    const round = await this.#dispatcher.round({ transfers: true });
    const tookMs = clock.nowMs() - startedMs;
    this.#nextPlanMs = startedMs + tookMs * planPauseFactor;
    return round;
  }

  async #lookAtDisk(signal: AbortSignal): Promise<{ nextScanMs: number }> {
    const { scanner, hints, root, state } = this.#parts;
    const intervalMs = this.#watch?.mode === "watching" ? watchedScanIntervalMs : scanIntervalMs;
    const isScanDue = this.#fullLook.isDue(intervalMs);
    if (isScanDue) await this.#fullLook.make(() => this.#lookAtEverything(signal), intervalMs);
    const paths = new Set([...hints.take(state, { isHolding: scanner.isHolding }), ...scanner.due().paths]);
    const changesRules = paths.values().some((path) => path.endsWith(ignoreFileName));
    const goOn = changesRules ? undefined : this.#goOnMeanwhile;
    if (paths.size > 0) await scanner.scanHints(paths, { signal, goOn });
    // What was seen counts only if it was seen in the synced folder, and not in one that took its place meanwhile. [EN43]
    if (isScanDue || paths.size > 0) await root.check();
    if (changesRules) {
      await this.#parts.reloadIgnoreRules();
      this.#fullLook.ask();
      this.#parts.wake.now();
    }
    return { nextScanMs: Math.max(1, this.#fullLook.waitMs()) };
  }

  async #lookAtEverything(signal: AbortSignal): Promise<void> {
    const { scanner, hints, root, exclusions } = this.#parts;
    await root.check();
    const scanned = this.#waiters.list();
    const { returning } = exclusions;
    hints.clear();
    await this.#parts.reloadIgnoreRules();
    await scanner.scanAll({ signal, goOn: () => sendMeanwhile(this.#parts, this.#dispatcher, this.#midst(signal)) });
    exclusions.takeIn(returning);
    for (const waiter of scanned) waiter.needsScan = false;
  }

  readonly #goOnMeanwhile = async (): Promise<void> => {
    if (this.#isCaughtUp && (await this.#mayTransfer())) await this.#dispatcher.advanceMeanwhile();
  };

  #midst(signal: AbortSignal): Midst {
    return {
      signal,
      hear: () => this.#hearServer(),
      mayGoOn: async () => this.#isCaughtUp && (await this.#mayTransfer()),
    };
  }

  readonly #mayTransfer = (): Promise<boolean> => this.#dispatcher.goOn(() => !this.#isPaused && !this.#fatal);

  get #isCaughtUp(): boolean {
    return this.#parts.state.cursor !== undefined && !this.#needsFeed && !this.#dispatcher.needsFeed;
  }

  async #hearServer(): Promise<void> {
    const { feed, connection } = this.#parts;
    this.#takeNeed();
    const waiting = [...this.#early.splice(0), ...this.#pushes.splice(0)];
    // The server tells a device of its own commit too, often before that commit is answered: then the answer says the same.
    const isOwn = (push: ChangesPush): boolean => push.changes === undefined && this.#dispatcher.isCommitting;
    this.#early = waiting.filter(isOwn);
    for (const push of waiting) if (!isOwn(push) && !feed.applyPush(push)) this.#needsFeed = true;
    // Whether the server can be reached again is found out by asking, however little there is to ask for. [EN31]
    if (connection.isOffline && connection.mayTry) this.#needsFeed = true;
    if (!this.#needsFeed || !connection.mayTry) return;
    const heard = this.#waiters.list();
    this.#needsFeed = false;
    try {
      await feed.catchUp();
      connection.found();
      for (const waiter of heard) waiter.needsFeed = false;
    } catch (error) {
      this.#needsFeed = true;
      if (!isTransient(error)) throw error;
      connection.lost(failureMessage(error), undefined);
    }
  }

  /** What a job found out that it doesn't know is asked for. */
  #takeNeed(): void {
    this.#needsFeed ||= this.#dispatcher.needsFeed;
    this.#dispatcher.needsFeed = false;
  }

  #onTurnFailed(error: unknown): number {
    const { issues, log, state } = this.#parts;
    const failure = describeTurnFailure(error);
    if (failure === undefined) {
      const fault = (error instanceof Error && error.stack) || failureMessage(error);
      if (!(error instanceof LoginRevokedError)) log("the engine stopped over a fault of its own", { error: fault });
      this.#fatal = { error };
      return 0;
    }
    // What was done since the books were last written may have been done in another folder (a folder that was emptied is the same one); with them, the place in the feed goes back. [EN43]
    if (error instanceof RootChangedError && error.code !== "root_emptied") state.abandon();
    issues.setGeneral(failure.issue);
    if (failure.losesBooks) this.#fullLook.ask();
    this.#needsFeed ||= failure.losesBooks;
    return rootRetryMs;
  }

  #onHint(...[paths, seen]: Parameters<OnHint>): void {
    if (paths === undefined) this.#fullLook.ask();
    else for (const path of paths) this.#parts.hints.add(path, seen?.get(path));
    this.#parts.wake.now();
  }

  #onPush(push: ChangesPush): void {
    if (this.#pushes.length >= maxWaitingPushes) this.#pushes = [];
    for (const { hash, bytes } of push.carried ?? []) this.#parts.carry.putChunk(hash, Buffer.from(bytes, "base64"));
    this.#pushes.push(push);
    this.#parts.wake.now();
  }

  #onConnection(connected: boolean): void {
    if (connected) {
      this.#parts.connection.found();
      this.#needsFeed = true;
    } else this.#parts.connection.lost("the connection was lost", undefined);
    this.#parts.wake.now();
  }

  #isBusy(): boolean {
    const { hints, scanner, state, issues, exclusions } = this.#parts;
    if (this.#fullLook.isAsked || this.#needsFeed || hints.size > 0 || !this.#dispatcher.isIdle || scanner.isHolding)
      return true;
    const isOpen = (id: EntryId): boolean => !issues.isBlocked(id) && !exclusions.isWaiting(id);
    return issues.blockedCount === 0 && !exclusions.isAnyWaiting
      ? state.changedCount() > 0
      : state.changed().some(isOpen);
  }

  /** Nothing is left to look at or to do: whoever waited for that is told. */
  #answerWaiters(): void {
    const { issues, state } = this.#parts;
    issues.keepOnly((id) => state.isChanged(id));
    if (this.#waiters.size === 0 || this.#isBusy() || this.#isPaused) return;
    this.#waiters.answer(() => (issues.list().length > 0 ? "issues" : "synced"));
  }

  #tellState(): void {
    const state = describeState(this.#parts, { isPaused: this.#isPaused, isBusy: this.#isBusy() });
    if (state === this.#lastState) return;
    this.#lastState = state;
    for (const listener of this.#listeners) listener({ event: "state", state });
  }
}

/** A plan begins so many times its own length after the last one began, while transfers run. */
const planPauseFactor = 6;
/** The longest pause between two plans while transfers run. */
const maxPlanPauseMs = 10_000;
/** More pushes than this at once are not worth keeping: the feed has them all. */
const maxWaitingPushes = 1000;

import { backoffMs, type Timing } from "@satchel/api-client";
import { liveCloseCodes, type LiveState } from "@satchel/protocol";
import { JoinedLink } from "./joined-link.ts";
import type { LiveRefusal, LiveServer } from "./live-server.ts";
import { People, type Cursor, type Person } from "./people.ts";
import { SharedText } from "./shared-text.ts";

/** Why a text can't be edited any more. `gone`: deleted, or the account may not see it. */
export type LiveTextEnd = "gone" | "not_text" | "too_large" | "login_ended";

/** How it stands with a text that is edited live. */
export interface LiveTextState {
  readonly isConnected: boolean;
  readonly ended: LiveTextEnd | undefined;
  /** Undefined until it is read. Another one when the server began a new session. */
  readonly shared: SharedText | undefined;
  readonly canWrite: boolean;
  /** Whether the server has all that was typed here. */
  readonly isKept: boolean;
  /** Whether that is in a version of the file. */
  readonly isSaved: boolean;
  /** The code of the problem that keeps versions from being written. */
  readonly problem: string | null;
  /** The others. */
  readonly people: readonly Person[];
}

/** Whether waiting is enough for the server to have what it doesn't have yet. */
export function isBeingKept({ isConnected, canWrite }: LiveTextState): boolean {
  return isConnected && canWrite;
}

/** The longest wait between two tries to connect. */
const maxWaitMs = 15_000;
/** Where the cursor is, is told so often at most. */
const presenceMs = 60;

/** A text that others may be editing, too: connected whenever that can be, and typed into at any time. */
export class LiveText {
  readonly #server: LiveServer;
  readonly #timing: Timing;
  readonly #people = new People();
  readonly #watchers = new Set<() => void>();
  readonly #ending = new AbortController();
  #retryNow = new AbortController();
  /** What the page shows, and what the next connection is about: the same, unless a new session is being read. */
  #shown: SharedText | undefined;
  #next: SharedText;
  #link: JoinedLink | undefined;
  #told: LiveState | undefined;
  #ended: LiveTextEnd | undefined;
  #cursor: Cursor | undefined;
  #isTellingCursor = false;
  #state: LiveTextState;

  constructor(server: LiveServer, timing: Timing) {
    this.#server = server;
    this.#timing = timing;
    this.#next = this.#newText();
    this.#state = this.#stateNow();
    this.#keepConnected().catch((error: unknown) => reportError(error));
  }

  /** The same object until something changes. */
  readonly state = (): LiveTextState => this.#state;

  readonly watch = (onChange: () => void): (() => void) => {
    this.#watchers.add(onChange);
    return () => this.#watchers.delete(onChange);
  };

  /** Where the cursor is, for the others; undefined when it is not in the text. */
  point(cursor: Cursor | undefined): void {
    this.#cursor = cursor;
    if (this.#isTellingCursor) return;
    this.#isTellingCursor = true;
    this.#timing
      .sleep(presenceMs, this.#ending.signal)
      .then(() => {
        this.#isTellingCursor = false;
        this.#link?.point(this.#cursor);
      })
      .catch(() => undefined);
  }

  /** The network came or went: what is open is worth nothing, and a wait is over. */
  networkChanged(): void {
    this.#link?.close();
    this.#retryNow.abort();
    this.#retryNow = new AbortController();
  }

  /** Ends the connection. What the server doesn't have then is lost. */
  close(): void {
    this.#ending.abort();
    this.#link?.close();
    this.#watchers.clear();
  }

  async #keepConnected(): Promise<void> {
    let failures = 0;
    while (!this.#ending.signal.aborted && this.#ended === undefined) {
      const { code, wasJoined } = await this.#connect();
      if (this.#ending.signal.aborted) return;
      this.#people.clear();
      if (wasJoined) failures = 0;
      this.#ended = await this.#endOf(code, wasJoined);
      this.#tell();
      if (this.#ended !== undefined) return;
      if (code === liveCloseCodes.otherSession) {
        this.#next = this.#newText();
        continue;
      }
      if (code === liveCloseCodes.rightsChanged && wasJoined) continue;
      failures += 1;
      const waitMs = Math.min(maxWaitMs, backoffMs(failures, this.#timing.random(), undefined));
      const signal = AbortSignal.any([this.#ending.signal, this.#retryNow.signal]);
      await this.#timing.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  /** Why there won't be another connection; undefined when there may. */
  async #endOf(code: number, wasJoined: boolean): Promise<LiveTextEnd | undefined> {
    const { fileGone, tooLarge, notText, loginEnded } = liveCloseCodes;
    if (code === fileGone) return "gone";
    if (code === tooLarge) return "too_large";
    if (code === loginEnded) return endOf(await this.#server.renew());
    if (code === notText) return endOf(await this.#server.findRefusal()) ?? "not_text";
    return wasJoined ? undefined : endOf(await this.#server.findRefusal());
  }

  async #connect(): Promise<{ readonly code: number; readonly wasJoined: boolean }> {
    const ended = Promise.withResolvers<number>();
    const shared = this.#next;
    const link = new JoinedLink(shared, {
      timing: this.#timing,
      onState: (state) => {
        this.#told = state;
        link.point(this.#cursor);
      },
      onLoaded: () => this.#show(shared),
      onPresent: (present) => this.#people.hear(present),
      onChange: () => this.#tell(),
    });
    this.#link = link;
    link.start(
      this.#server.connect(shared.session, {
        onOpen: () => link.ask(),
        onMessage: (message) => link.receive(message),
        onClose: (code) => ended.resolve(code),
      }),
    );
    const code = await ended.promise;
    this.#link = undefined;
    link.end();
    return { code, wasJoined: link.isJoined };
  }

  /** All that the server has of it is here. */
  #show(shared: SharedText): void {
    const before = this.#shown;
    if (before === shared) return;
    this.#shown = shared;
    if (before) shared.carryOver(before);
  }

  #newText(): SharedText {
    const shared = new SharedText((update) => {
      if (this.#next === shared) this.#link?.edit(update);
      this.#tell();
    });
    return shared;
  }

  #stateNow(): LiveTextState {
    const isConnected = this.#link?.isLoaded ?? false;
    return {
      isConnected,
      ended: this.#ended,
      shared: this.#shown,
      canWrite: this.#told?.can_write ?? false,
      isKept: this.#shown?.isKept ?? true,
      isSaved: this.#told?.saved ?? true,
      problem: this.#told?.problem ?? null,
      people: this.#people.list(),
    };
  }

  #tell(): void {
    this.#state = this.#stateNow();
    for (const onChange of this.#watchers) onChange();
  }
}

function endOf(refusal: LiveRefusal): LiveTextEnd | undefined {
  return refusal === "none" ? undefined : refusal;
}

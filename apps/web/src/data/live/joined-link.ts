import type { Timing } from "@satchel/api-client";
import { liveSteps, type LiveState } from "@satchel/protocol";
import type { LiveLink } from "./live-server.ts";
import { documentMessage, presenceMessage, readLiveMessage, type LiveMessage } from "./live-wire.ts";
import { maxClient, type Cursor } from "./people.ts";
import type { SharedText } from "./shared-text.ts";

/** How often the server is asked for a sign of life. Without one until the next time, the connection is dead: noticed within 40 s. */
export const askAliveMs = 20_000;

interface LinkParts {
  readonly timing: Timing;
  readonly onState: (state: LiveState) => void;
  readonly onLoaded: () => void;
  readonly onPresent: (present: Extract<LiveMessage, { kind: "presence" }>["present"]) => void;
  /** After each message. */
  readonly onChange: () => void;
}

/** One connection of a document to its session, from its opening to its end. */
export class JoinedLink {
  readonly #shared: SharedText;
  readonly #parts: LinkParts;
  readonly #ended = new AbortController();
  /** A new one for each connection: the server may not know yet that the one before is gone. */
  readonly #client: number;
  #clock = 0;
  #link: LiveLink | undefined;
  #canWrite = false;
  /** Updates that were sent, and how many of them are kept. */
  #sent = 0;
  /** The server asked what it lacks, and was told: from now on it is told each edit. */
  #isAnswered = false;
  #isAlive = true;
  isJoined = false;
  isLoaded = false;

  constructor(shared: SharedText, parts: LinkParts) {
    this.#shared = shared;
    this.#parts = parts;
    this.#client = Math.floor(parts.timing.random() * maxClient);
  }

  start(link: LiveLink): void {
    this.#link = link;
  }

  close(): void {
    this.#link?.close();
  }

  end(): void {
    this.#ended.abort();
  }

  /** Asks for what is missing here, and from time to time again: whoever doesn't answer is dead. */
  ask(): void {
    this.#isAlive = false;
    this.#link?.send(documentMessage("ask", this.#shared.stateVector()));
    this.#parts.timing
      .sleep(askAliveMs, this.#ended.signal)
      .then(() => (this.#isAlive ? this.ask() : this.close()))
      .catch(() => undefined);
  }

  edit(update: Uint8Array): void {
    if (!this.#isAnswered || !this.#canWrite) return;
    this.#send("update", update);
  }

  point(cursor: Cursor | undefined): void {
    if (!this.isJoined) return;
    this.#clock += 1;
    const state = JSON.stringify({ cursor: cursor ?? null });
    this.#link?.send(presenceMessage({ client: this.#client, clock: this.#clock, state }));
  }

  receive(bytes: Uint8Array): void {
    this.#isAlive = true;
    try {
      this.#take(readLiveMessage(bytes));
    } catch (error) {
      reportError(error);
      return this.close();
    }
    this.#parts.onChange();
  }

  #take(message: LiveMessage): void {
    switch (message.kind) {
      case "state":
        this.isJoined = true;
        this.#shared.session = message.state.session;
        this.#canWrite = message.state.can_write;
        return this.#parts.onState(message.state);
      case "ask":
        return this.#answer(message.bytes);
      case "edit":
        this.#shared.take(message.bytes);
        // What somebody types may come before the answer, and be without the words that it is beside.
        if (this.isLoaded || message.step !== liveSteps.answer) return;
        this.isLoaded = true;
        return this.#parts.onLoaded();
      case "presence":
        return this.#parts.onPresent(message.present);
      case "kept":
        if (this.#isAnswered && message.count === this.#sent) this.#shared.setKept();
        break;
      case "other":
    }
  }

  /** Who has nothing new says nothing. Words of others may be new, too: a server that died had shown them before it kept them, and what is typed beside them is nowhere without them. */
  #answer(stateVector: Uint8Array): void {
    this.#isAnswered = true;
    const hasNew = !this.#shared.isKept || this.#shared.hasMoreThan(stateVector);
    if (this.#canWrite && hasNew) this.#send("answer", this.#shared.missingIn(stateVector));
  }

  #send(step: "answer" | "update", bytes: Uint8Array): void {
    this.#sent += 1;
    this.#link?.send(documentMessage(step, bytes));
  }
}

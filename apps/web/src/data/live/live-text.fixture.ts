import type { Timing } from "@satchel/api-client";
import { liveMessages, liveSteps, type LiveState } from "@satchel/protocol";
import { createDecoder, readVarUint, readVarUint8Array } from "lib0/decoding";
import { createEncoder, toUint8Array, writeVarString, writeVarUint } from "lib0/encoding";
import * as Y from "yjs";
import type { LinkHandlers, LiveRefusal, LiveServer } from "./live-server.ts";
import { askAliveMs } from "./joined-link.ts";
import { documentMessage } from "./live-wire.ts";

/** Nothing that a test waits for takes more turns of the event loop. */
const maxTurns = 5000;

const turn = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 0));

/** @throws when it never comes to be so */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let turns = 0; !isSo(); turns += 1) {
    if (turns > maxTurns) throw new Error(`it never was so: ${what}`);
    await turn();
  }
}

/** Waits are over with the next turn; only silence lasts until {@link passSilence}. */
export class QuickTiming implements Timing {
  readonly #silent = new Set<() => void>();

  nowMs = (): number => 0;
  random = (): number => Math.random();

  sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    if (ms === askAliveMs) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#silent.add(resolve);
      await promise;
    } else await turn();
    signal?.throwIfAborted();
  };

  /** As long as the server is given to answer passes. */
  passSilence(): void {
    for (const resolve of this.#silent) resolve();
    this.#silent.clear();
  }
}

/** The server of one file's session, which a test can make do things. */
export class ScriptedServer implements LiveServer {
  document = new Y.Doc();
  session = "first";
  canWrite = true;
  isReachable = true;
  /** Answers nothing any more, without ending a connection. */
  isSilent = false;
  /** Done once, when the server is asked for its text and has not answered yet. */
  beforeAnswer: (() => void) | undefined;
  /** Of everybody, in the order in which they came. */
  readonly steps: number[] = [];
  refusal: LiveRefusal = "none";
  connections = 0;
  /** Messages that came, also those that were not answered. */
  heard = 0;
  #handlers: LinkHandlers | undefined;
  #received = 0;

  get text(): Y.Text {
    return this.document.getText("text");
  }

  connect(session: string | undefined, handlers: LinkHandlers): { send(message: Uint8Array): void; close(): void } {
    this.connections += 1;
    const close = (code: number): void => {
      if (this.#handlers === handlers) this.#handlers = undefined;
      queueMicrotask(() => handlers.onClose(code));
    };
    queueMicrotask(() => this.#open(session, handlers, close));
    return {
      send: (message) => {
        this.heard += 1;
        if (this.#handlers === handlers && !this.isSilent) this.#take(message);
      },
      close: () => close(1005),
    };
  }

  findRefusal = async (): Promise<LiveRefusal> => this.refusal;
  renew = async (): Promise<LiveRefusal> => this.refusal;

  /** Ends the connection that is open. */
  end(code: number): void {
    const handlers = this.#handlers;
    this.#handlers = undefined;
    handlers?.onClose(code);
  }

  /** Another session of the same file. */
  beginAnew(text: string): void {
    this.document = new Y.Doc();
    this.text.insert(0, text);
    this.session = "second";
  }

  /** As when the process dies: does something, and what it did is lost. */
  lose(work: () => void): void {
    const before = Y.encodeStateAsUpdate(this.document);
    work();
    this.document = new Y.Doc();
    Y.applyUpdate(this.document, before);
    this.end(1006);
  }

  /** Somebody else types. */
  type(at: number, words: string): void {
    const before = Y.encodeStateVector(this.document);
    this.text.insert(at, words);
    this.tell(documentMessage("update", Y.encodeStateAsUpdate(this.document, before)));
  }

  tell(message: Uint8Array): void {
    this.#handlers?.onMessage(message);
  }

  tellState(state: Partial<LiveState> = {}): void {
    const known = { session: this.session, can_write: this.canWrite, version_id: "v", saved: true, problem: null };
    const encoder = createEncoder();
    writeVarUint(encoder, liveMessages.state);
    writeVarString(encoder, JSON.stringify({ ...known, ...state }));
    this.tell(toUint8Array(encoder));
  }

  #open(session: string | undefined, handlers: LinkHandlers, close: (code: number) => void): void {
    if (!this.isReachable) return close(1006);
    if (session !== undefined && session !== this.session) return close(4409);
    this.#handlers = handlers;
    this.#received = 0;
    handlers.onOpen();
    this.tellState();
    this.tell(documentMessage("ask", Y.encodeStateVector(this.document)));
  }

  #take(message: Uint8Array): void {
    const decoder = createDecoder(message);
    if (readVarUint(decoder) !== liveMessages.document) return;
    const step = readVarUint(decoder);
    const bytes = readVarUint8Array(decoder);
    this.steps.push(step);
    if (step === liveSteps.ask) {
      this.beforeAnswer?.();
      this.beforeAnswer = undefined;
      return this.tell(documentMessage("answer", Y.encodeStateAsUpdate(this.document, bytes)));
    }
    Y.applyUpdate(this.document, bytes);
    this.#received += 1;
    const encoder = createEncoder();
    writeVarUint(encoder, liveMessages.kept);
    writeVarUint(encoder, this.#received);
    this.tell(toUint8Array(encoder));
  }
}

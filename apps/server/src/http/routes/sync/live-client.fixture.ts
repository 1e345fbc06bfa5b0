import { setTimeout as sleep } from "node:timers/promises";
import type { TestContext } from "node:test";
import { liveMessages, liveStateSchema, liveSteps, type EntryId, type LiveState } from "@satchel/protocol";
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from "lib0/decoding";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { awarenessMessage, documentMessage } from "../../../features/live/live-messages.ts";
import { textOf } from "../../../features/live/live-text.ts";
import type { TestDevice } from "../../test-server.fixture.ts";

const patienceMs = 60_000;

/** Waits for what will be so. */
export async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > endMs) throw new Error(`it never was so: ${what}`);
    await sleep(20);
  }
}

/** Somebody who edits a file live, over a WebSocket. Ends with the test. */
export class LiveClient {
  readonly document = new Y.Doc();
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  state: LiveState | undefined;
  /** What was last heard of others. */
  heard: string[] = [];
  sent = 0;
  kept = 0;
  isClosed = false;

  constructor(t: TestContext, device: TestDevice, fileId: EntryId, session = "") {
    const query = new URLSearchParams({ file_id: fileId, session });
    this.#socket = new WebSocket(`${device.url.replace("http", "ws")}/v1/live?${query.toString()}`, {
      headers: device.authorization,
    });
    t.after(() => this.#socket.terminate());
    this.#socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      this.#socket.once("close", (code) => {
        this.isClosed = true;
        resolve(code);
      });
    });
    this.#socket.on("open", () => this.#socket.send(documentMessage("ask", Y.encodeStateVector(this.document))));
    this.#socket.on("message", (message: Buffer) => this.#take(message));
    this.document.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#send("update", update);
    });
  }

  get text(): string {
    return textOf(this.document);
  }

  insert(at: number, words: string): void {
    this.document.getText("text").insert(at, words);
  }

  present(state: unknown): void {
    this.#socket.send(awarenessMessage([{ client: this.document.clientID, clock: 1, state: JSON.stringify(state) }]));
  }

  raw(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  async shows(text: string): Promise<void> {
    await eventually(`"${text}" is shown, not "${this.text}"`, () => this.text === text);
  }

  async isKept(): Promise<void> {
    await eventually("all is kept", () => this.kept === this.sent);
  }

  close(): void {
    this.#socket.close();
  }

  #send(step: keyof typeof liveSteps, bytes: Uint8Array): void {
    this.sent += 1;
    this.#socket.send(documentMessage(step, bytes));
  }

  #take(message: Buffer): void {
    const decoder = createDecoder(message);
    const kind = readVarUint(decoder);
    if (kind === liveMessages.kept) this.kept = readVarUint(decoder);
    if (kind === liveMessages.state) this.state = liveStateSchema.parse(JSON.parse(readVarString(decoder)));
    if (kind === liveMessages.awareness) this.heard.push(Buffer.from(readVarUint8Array(decoder)).toString());
    if (kind !== liveMessages.document) return;
    const step = readVarUint(decoder);
    const bytes = readVarUint8Array(decoder);
    if (step !== liveSteps.ask) return Y.applyUpdate(this.document, bytes, this);
    if (this.state?.can_write) this.#send("answer", Y.encodeStateAsUpdate(this.document, bytes));
  }
}

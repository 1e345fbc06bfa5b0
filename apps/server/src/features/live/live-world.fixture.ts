import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import {
  liveMessages,
  liveStateSchema,
  liveSteps,
  type AccountId,
  type DeviceId,
  type EntryId,
  type LiveState,
  type VersionHash,
  type VersionId,
} from "@satchel/protocol";
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from "lib0/decoding";
import * as Y from "yjs";
import type { Host } from "../../host.ts";
import type { KeptLiveUpdate, LiveStore } from "../../storage/metadata/live-store.ts";
import type { FileLook, LiveFiles } from "./live-files.ts";
import { textOf } from "./live-text.ts";
import { documentMessage } from "./live-messages.ts";
import { LiveRoom, type Seat } from "./live-room.ts";
import { LiveSession } from "./live-session.ts";
import { readText, writeText } from "./text-file.ts";

export const fileId = "e_test" as EntryId;

interface Version {
  readonly id: VersionId;
  readonly text: string;
}

/** One text file with its versions, in memory. */
export class TestFile {
  readonly versions: Version[] = [];
  readonly aside: string[] = [];
  /** The author of each version that a session wrote. */
  readonly typists: string[][] = [];
  look: "text" | "gone" | "not_text" = "text";
  /** The next versions are refused for this. */
  refusal: "quota_exceeded" | undefined;
  /** After a version was written, its answer is lost. */
  losesAnswers = false;

  constructor(text: string) {
    this.commit(text);
  }

  get head(): Version {
    return this.versions.at(-1) as Version;
  }

  commit(text: string): Version {
    const version = { id: `v${this.versions.length + 1}` as VersionId, text };
    this.versions.push(version);
    return version;
  }
}

function hashOf(bytes: Uint8Array | string): VersionHash {
  return createHash("sha256").update(bytes).digest("hex") as VersionHash;
}

export function filesOf(file: TestFile): LiveFiles {
  return {
    async look(): Promise<FileLook> {
      await turn();
      if (file.look !== "text") return { status: file.look };
      const { id, text } = file.head;
      const read = readText(Buffer.from(text));
      return read ? { status: "text", versionId: id, versionHash: hashOf(text), ...read } : { status: "not_text" };
    },
    async findVersion(_id, { versionHash, since }) {
      const from = file.versions.findIndex(({ id }) => id === since) + 1;
      return file.versions.slice(from).find(({ text }) => hashOf(text) === versionHash)?.id;
    },
    async prepare(text) {
      const bytes = writeText(text);
      return { bytes, versionHash: hashOf(bytes) };
    },
    async write(_id, { content, base, typists }) {
      await turn();
      if (file.look === "gone") return { refused: "not_found" };
      if (file.refusal) return { refused: file.refusal };
      if (file.head.id !== base) return { refused: "version_conflict" };
      const { id } = file.commit(Buffer.from(content.bytes).toString());
      file.typists.push(typists.map(({ accountId }) => accountId));
      if (file.losesAnswers) throw new Error("the answer was lost");
      return { versionId: id };
    },
    async setAside(_id, { content }) {
      file.aside.push(Buffer.from(content.bytes).toString());
    },
  };
}

/** What is kept of the sessions of one file, as the databases keep it. */
export function memoryLiveStore(): LiveStore {
  let held: { holder: string; endsAtMs: number } | undefined;
  let sealed: string | undefined;
  let updates: KeptLiveUpdate[] = [];
  const isHeld = ({ holder }: { readonly holder: string }): boolean => held?.holder === holder;
  return {
    async take({ holder, nowMs, forMs }) {
      if (held && held.holder !== holder && held.endsAtMs > nowMs) return undefined;
      held = { holder, endsAtMs: nowMs + forMs };
      return { sealed, updates: [...updates] };
    },
    async prolong({ holder, nowMs, forMs }) {
      if (!isHeld({ holder })) return false;
      held = { holder, endsAtMs: nowMs + forMs };
      return true;
    },
    async append(hold, update) {
      await turn();
      if (!isHeld(hold)) return false;
      updates.push(update);
      return true;
    },
    async save(hold, record) {
      await turn();
      if (!isHeld(hold)) return false;
      sealed = record.sealed;
      updates = updates.filter(({ nth }) => nth > record.through);
      return true;
    },
    async release(hold) {
      if (isHeld(hold)) held = undefined;
    },
    async remove(hold) {
      if (isHeld(hold)) [held, sealed, updates] = [undefined, undefined, []];
    },
    async listForsaken() {
      return held === undefined ? [] : [fileId];
    },
  };
}

/** A clock that moves when it is told to, with its timers. */
export class TestClock {
  nowMs = Date.UTC(2026, 0, 1);
  readonly #timers = new Map<symbol, { readonly atMs: number; readonly task: () => void }>();
  readonly host: Host = {
    nowMs: () => this.nowMs,
    randomBytes: (count) => new Uint8Array(count).fill(7),
    after: (delayMs, task) => {
      const key = Symbol("timer");
      this.#timers.set(key, { atMs: this.nowMs + delayMs, task });
      return () => void this.#timers.delete(key);
    },
  };

  advance(byMs: number): void {
    this.nowMs += byMs;
    for (const [key, { atMs, task }] of this.#timers) {
      if (atMs > this.nowMs) continue;
      this.#timers.delete(key);
      task();
    }
  }

  /** As when the process dies. */
  forget(): void {
    this.#timers.clear();
  }
}

/** The server's side, which may die and be started again. */
export class TestServer {
  readonly file: TestFile;
  readonly clock = new TestClock();
  readonly store = memoryLiveStore();
  readonly failures: unknown[] = [];
  room: LiveRoom | undefined;
  session: LiveSession | undefined;
  #life = 0;

  constructor(text: string) {
    this.file = new TestFile(text);
  }

  async open(): Promise<LiveSession> {
    this.#life += 1;
    this.session = await LiveSession.open(
      {
        store: this.store,
        files: filesOf(this.file),
        key: new Uint8Array(32).fill(3),
        host: this.clock.host,
        holder: `life ${this.#life}`,
        follow: async () => {},
        onFailure: (error) => this.failures.push(error),
      },
      fileId,
    );
    this.room = new LiveRoom(this.session);
    return this.session;
  }

  /** Until nobody has anything to say, and nothing is under way. */
  async exchange(...writers: readonly TestWriter[]): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      while (writers.map((writer) => writer.deliver()).includes(true)) quiet = 0;
      await this.session?.settle();
      await turn();
    }
  }

  /** At once, in the middle of anything. What it was about to write is not written. */
  kill(): void {
    this.clock.forget();
    for (const { sink } of this.room?.seats ?? []) sink.close(1006, "killed");
    this.room = undefined;
    this.session = undefined;
    this.clock.advance(10_000);
  }
}

/** Somebody with a browser: a document, and a connection that may be slow or away. */
export class TestWriter {
  readonly name: string;
  readonly document = new Y.Doc();
  readonly toServer: Uint8Array[] = [];
  readonly toClient: Uint8Array[] = [];
  readonly canWrite: boolean;
  closed: number | undefined;
  state: LiveState | undefined;
  sent = 0;
  kept = 0;
  #seat: Seat | undefined;

  constructor(name: string, clientId: number, canWrite = true) {
    this.name = name;
    this.canWrite = canWrite;
    this.document.clientID = clientId;
    this.document.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== this && this.#seat) this.#send("update", update);
    });
  }

  get text(): string {
    return textOf(this.document);
  }

  get isConnected(): boolean {
    return this.#seat !== undefined;
  }

  connect(room: LiveRoom): void {
    [this.sent, this.kept, this.closed] = [0, 0, undefined];
    this.#seat = room.join({
      accountId: this.name as AccountId,
      deviceId: `${this.name}'s device` as DeviceId,
      userName: this.name,
      canWrite: this.canWrite,
      sink: {
        send: (message) => void this.toClient.push(message),
        backlogBytes: () => 0,
        close: (code) => {
          this.closed = code;
          this.disconnect();
        },
      },
    });
    this.toServer.push(documentMessage("ask", Y.encodeStateVector(this.document)));
  }

  disconnect(): void {
    this.#seat?.leave();
    this.#seat = undefined;
    this.toServer.length = 0;
    this.toClient.length = 0;
  }

  type(at: number, words: string): void {
    this.document.getText("text").insert(at, words);
  }

  remove(at: number, length: number): void {
    this.document.getText("text").delete(at, length);
  }

  /** One message each way, if there is one. */
  deliver(): boolean {
    const up = this.toServer.shift();
    if (up) this.#seat?.receive(up);
    const down = this.toClient.shift();
    if (down) this.#take(down);
    return up !== undefined || down !== undefined;
  }

  #send(step: keyof typeof liveSteps, bytes: Uint8Array): void {
    this.sent += 1;
    this.toServer.push(documentMessage(step, bytes));
  }

  #take(message: Uint8Array): void {
    const decoder = createDecoder(message);
    const kind = readVarUint(decoder);
    if (kind === liveMessages.kept) this.kept = readVarUint(decoder);
    if (kind === liveMessages.state) this.state = liveStateSchema.parse(JSON.parse(readVarString(decoder)));
    if (kind !== liveMessages.document) return;
    const step = readVarUint(decoder);
    const bytes = readVarUint8Array(decoder);
    if (step === liveSteps.ask) this.#send("answer", Y.encodeStateAsUpdate(this.document, bytes));
    else Y.applyUpdate(this.document, bytes, this);
  }
}

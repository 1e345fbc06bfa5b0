import { Worker } from "node:worker_threads";
import { ProblemError } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import { storeMethods } from "./store-methods.ts";
import { decodeError, type AnswerMessage, type CallMessage, type WorkerSettings } from "./worker-messages.ts";

/** The most calls that wait for the worker; beyond, callers are sent away for a moment. */
const maxWaitingCalls = 4096;

/**
 * The metadata store on SQLite, in a thread of its own: the file `path` is made where there is none, and its schema brought up to date. Random bytes come from the system.
 * @throws DatabaseNewerError
 */
export async function openSqliteMetadataStore(settings: WorkerSettings): Promise<MetadataStore> {
  const caller = new WorkerCaller(settings);
  await caller.opened;
  const section = <Name extends keyof typeof storeMethods>(name: Name): MetadataStore[Name] => {
    const calls = storeMethods[name].map((method) => [
      method,
      (...parameters: unknown[]) => caller.call({ section: name, method, parameters }),
    ]);
    return Object.fromEntries(calls) as MetadataStore[Name];
  };
  return {
    identity: section("identity"),
    signIn: section("signIn"),
    factors: section("factors"),
    oauth: section("oauth"),
    attempts: section("attempts"),
    mail: section("mail"),
    access: section("access"),
    audit: section("audit"),
    privacy: section("privacy"),
    tree: section("tree"),
    history: section("history"),
    ledger: section("ledger"),
    uploads: section("uploads"),
    shares: section("shares"),
    links: section("links"),
    maintenance: section("maintenance"),
    places: section("places"),
    ping: async () => void (await caller.call({ section: "store", method: "ping", parameters: [] })),
    close: () => caller.close(),
  };
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** V8 would let it grow to 48 MiB, and keep that. Batches of a few hundred operations fit in this. */
const maxYoungGenerationMiB = 16;

/** Sends calls to the worker and finds the answers' callers. */
class WorkerCaller {
  /** Settles when the worker has opened its database, or could not. */
  readonly opened: Promise<unknown>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #closing: Promise<void> | undefined;
  #failure: Error | undefined;

  constructor(settings: WorkerSettings) {
    this.#worker = new Worker(new URL("./store-worker.ts", import.meta.url), {
      workerData: settings,
      resourceLimits: { maxYoungGenerationSizeMb: maxYoungGenerationMiB },
    });
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(0, { resolve, reject });
    this.opened = promise.catch(async (error: unknown) => {
      await this.#worker.terminate();
      throw error;
    });
    this.#worker.on("message", (message: AnswerMessage) => this.#settle(message));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("the database's thread has ended")));
  }

  async call(call: Omit<CallMessage, "id">): Promise<unknown> {
    if (this.#closing) throw new ProblemError("unavailable", "The database is closed");
    return await this.#send(call);
  }

  /** Waits for the calls before it. Closing twice is no error. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (!this.#failure) await this.#send({ section: "store", method: "close", parameters: [] });
    await this.#worker.terminate();
  }

  #send(call: Omit<CallMessage, "id">): Promise<unknown> {
    if (this.#failure) throw this.#failure;
    if (this.#waiting.size >= maxWaitingCalls)
      throw new ProblemError("unavailable", "The database has too much to do", { retryAfterSeconds: 1 });
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...call } satisfies CallMessage);
    });
  }

  #settle(message: AnswerMessage): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("error" in message) waiting?.reject(decodeError(message.error));
    else waiting?.resolve(message.value);
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

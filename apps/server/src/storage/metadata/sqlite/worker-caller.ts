import { Worker } from "node:worker_threads";
import { ProblemError } from "@satchel/protocol";
import { postTogether } from "./post-together.ts";
import { decodeError, type AnswerMessage, type CallMessage, type WorkerSettings } from "./worker-messages.ts";

/** The most calls that wait for the worker; beyond, callers are sent away for a moment. */
const maxWaitingCalls = 4096;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** V8 would let it grow to 48 MiB, and keep that. Batches of a few hundred operations fit in this. */
const maxYoungGenerationMiB = 16;

/** A thread that a database's calls block instead of the one that serves requests: sends calls to it and finds the answers' callers. `closing` is the call that ends it, as `section.method`. */
export class WorkerCaller {
  /** Settles when the worker has opened its database, or could not. */
  readonly opened: Promise<unknown>;
  readonly #worker: Worker;
  readonly #closingCall: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #post = postTogether<CallMessage>({
    post: (messages) => this.#worker.postMessage(messages),
    onUnsendable: ({ id }, error) => this.#take(id)?.reject(toError(error)),
  });
  #lastId = 0;
  #closing: Promise<void> | undefined;
  #failure: Error | undefined;

  constructor(script: URL, settings: WorkerSettings, closing: string) {
    this.#closingCall = closing;
    this.#worker = new Worker(script, {
      workerData: settings,
      resourceLimits: { maxYoungGenerationSizeMb: maxYoungGenerationMiB },
    });
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(0, { resolve, reject });
    this.opened = promise.catch(async (error: unknown) => {
      await this.#worker.terminate();
      throw error;
    });
    this.#worker.on("message", (messages: readonly AnswerMessage[]) => {
      for (const message of messages) this.#settle(message);
    });
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("the database's thread has ended")));
  }

  /** Whether the thread has ended by itself: no call will be answered any more. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
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
    const [section = "", method = ""] = this.#closingCall.split(".");
    if (!this.#failure) await this.#send({ section, method, parameters: [] });
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
      this.#post({ id, ...call });
    });
  }

  #settle(message: AnswerMessage): void {
    const waiting = this.#take(message.id);
    if ("error" in message) waiting?.reject(decodeError(message.error));
    else waiting?.resolve(message.value);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #fail(error: unknown): void {
    this.#failure ??= toError(error);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

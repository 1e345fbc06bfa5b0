import { Worker } from "node:worker_threads";
import { ChunkStoreFailedError } from "../chunk-store-errors.ts";
import {
  receivedError,
  type ThreadAnswer,
  type ThreadCallName,
  type ThreadCalls,
  type ThreadQuestion,
  type ThreadStart,
} from "./thread-messages.ts";

/** V8 would let it grow to 48 MiB, and keep that: a thread's garbage is small messages. */
const maxYoungGenerationMiB = 8;

/** One thread of the store, as the others see it: questions and answers. When the thread ends, so do all calls. */
export class ThreadClient {
  readonly #worker: Worker;
  readonly #now: () => number;
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;
  #failure: ChunkStoreFailedError | undefined;

  constructor(options: { readonly start: ThreadStart; readonly now: () => number }) {
    this.#now = options.now;
    this.#worker = new Worker(new URL("./store-worker.ts", import.meta.url), {
      workerData: options.start,
      name: `chunks-${options.start.role}`,
      resourceLimits: { maxYoungGenerationSizeMb: maxYoungGenerationMiB },
    });
    this.#worker.on("message", (answer: ThreadAnswer) => this.#settle(answer));
    this.#worker.on("error", (error) =>
      this.#fail(new ChunkStoreFailedError(`the chunk store's thread failed: ${String(error)}`, error)),
    );
    this.#worker.on("exit", () => this.#fail(new ChunkStoreFailedError("the chunk store's thread ended")));
  }

  /** Why no call can succeed any more. */
  get failure(): ChunkStoreFailedError | undefined {
    return this.#failure;
  }

  /** Asks the thread. The buffers pass to it with the question. */
  call<Name extends ThreadCallName>(
    name: Name,
    argument: ThreadCalls[Name][0],
    buffers: readonly ArrayBuffer[] = [],
  ): Promise<ThreadCalls[Name][1]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#lastId += 1;
    const question: ThreadQuestion = { id: this.#lastId, name, argument, nowMs: this.#now() };
    this.#worker.postMessage(question, buffers);
    const call = Promise.withResolvers<ThreadCalls[Name][1]>();
    this.#calls.set(question.id, call as PromiseWithResolvers<unknown>);
    return call.promise;
  }

  /** Ends the thread, whatever it does. Calls that wait reject. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(answer: ThreadAnswer): void {
    const call = this.#calls.get(answer.id);
    this.#calls.delete(answer.id);
    if ("error" in answer) call?.reject(receivedError(answer.error));
    else call?.resolve(answer.value);
  }

  #fail(failure: ChunkStoreFailedError): void {
    this.#failure ??= failure;
    for (const call of this.#calls.values()) call.reject(this.#failure);
    this.#calls.clear();
  }
}

import { Worker } from "node:worker_threads";
import { DiskError } from "../../ports/disk.ts";
import { fromWireError } from "../system-error.ts";
import type { JobShape, RunOptions } from "./job.ts";
import type { JobName, Jobs } from "./job-table.ts";
import type { FromWorker, ToWorker } from "./message.ts";

interface PendingJob {
  readonly name: JobName;
  readonly isLong: boolean;
  readonly sinceMs: number;
  readonly outcome: PromiseWithResolvers<unknown>;
  readonly answer: RunOptions<JobShape>["answer"];
  /** Why it was aborted by us: it then fails with this, whatever the worker says. */
  abortedBy: { readonly reason: unknown } | undefined;
}

/** One thread of the pool, started with its first job, and again with the next one after a crash. */
export class DiskWorkerThread {
  readonly #entry: URL;
  readonly #root: string;
  readonly #pending = new Map<number, PendingJob>();
  #worker: Worker | undefined;
  #lastId = 0;
  longJobs = 0;
  shortJobs = 0;

  constructor(entry: URL, root: string) {
    this.#entry = entry;
    this.#root = root;
  }

  async run<Name extends JobName>(
    name: Name,
    input: Jobs[Name]["input"],
    options: RunOptions<Jobs[Name]> & { readonly isLong: boolean },
  ): Promise<Jobs[Name]["result"]> {
    const { isLong, signal } = options;
    const worker = this.#start();
    const id = ++this.#lastId;
    const job: PendingJob = {
      name,
      isLong,
      sinceMs: performance.now(),
      outcome: Promise.withResolvers(),
      answer: options.answer as RunOptions<JobShape>["answer"],
      abortedBy: undefined,
    };
    this.#add(id, job);
    const abort = (): void => this.#abort(id, signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      this.#post({ kind: "start", id, job: name, input }, options.transfer);
      worker.ref();
      return (await job.outcome.promise) as Jobs[Name]["result"];
    } finally {
      signal?.removeEventListener("abort", abort);
      this.#remove(id, job);
    }
  }

  /** Ends the thread; its jobs fail. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  get isStarted(): boolean {
    return this.#worker !== undefined;
  }

  /** Whether a large file has been read here for so long. How long one is written tells of the network and not of this thread. */
  isReadingFor(ms: number): boolean {
    if (this.longJobs === 0) return false;
    const latestMs = performance.now() - ms;
    return this.#pending.values().some(({ name, sinceMs }) => name === "cut" && sinceMs <= latestMs);
  }

  /** Has the thread give back what its jobs left, if it has nothing to do. */
  rest(): void {
    if (this.#pending.size === 0) this.#post({ kind: "rest" });
  }

  /** Ends the thread if it has nothing to do; the next job starts another. */
  async end(): Promise<void> {
    if (this.#pending.size > 0) return;
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(this.#entry, { workerData: this.#root, name: "satchel disk" });
    this.#worker = worker;
    worker.on("message", (message: FromWorker) => this.#receive(message));
    worker.once("error", (error) => this.#lose(worker, error instanceof Error ? error.message : "it crashed"));
    worker.once("exit", () => this.#lose(worker, "it ended"));
    return worker;
  }

  /** The thread is gone, and with it what its jobs had done so far; the next job starts another. */
  #lose(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { outcome } of this.#pending.values()) {
      outcome.reject(new DiskError("failed", "", `a disk worker was lost: ${why}`));
    }
  }

  #receive(message: FromWorker): void {
    const job = this.#pending.get(message.id);
    if (job === undefined) return;
    if (message.kind === "done") job.outcome.resolve(message.result);
    else if (message.kind === "failed") {
      job.outcome.reject(job.abortedBy === undefined ? fromWireError(message.error) : job.abortedBy.reason);
    } else {
      this.#answer(message, job).catch((error: unknown) => this.#abort(message.id, error));
    }
  }

  async #answer({ id, question, body }: FromWorker & { kind: "question" }, job: PendingJob): Promise<void> {
    if (job.answer === undefined) throw new Error("a disk job asked a caller that answers nothing");
    const { answer, transfer } = await job.answer(body);
    if (this.#pending.has(id)) this.#post({ kind: "answer", id, question, answer }, transfer);
  }

  #abort(id: number, reason: unknown): void {
    const job = this.#pending.get(id);
    if (job === undefined || job.abortedBy !== undefined) return;
    job.abortedBy = { reason };
    this.#post({ kind: "abort", id });
  }

  #post(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  #add(id: number, job: PendingJob): void {
    this.#pending.set(id, job);
    if (job.isLong) this.longJobs += 1;
    else this.shortJobs += 1;
  }

  #remove(id: number, job: PendingJob): void {
    this.#pending.delete(id);
    if (job.isLong) this.longJobs -= 1;
    else this.shortJobs -= 1;
    if (this.#pending.size === 0) this.#worker?.unref();
  }
}

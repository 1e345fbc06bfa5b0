import type { EntryId } from "@satchel/protocol";

/** What a job does, which decides how many may run at one time. */
export type JobKind = "ingest_small" | "ingest_large" | "fetch_small" | "fetch_large" | "commit";

const limits: Record<JobKind, number> = { ingest_small: 2, ingest_large: 2, fetch_small: 3, fetch_large: 2, commit: 1 };

interface Job {
  readonly kind: JobKind;
  readonly ids: readonly EntryId[];
  readonly work: () => Promise<void>;
}

/** Runs transfers beside the engine's loop, a few at a time, in order. An entry is in at most one job. */
export class JobPool {
  readonly #waiting: Job[] = [];
  readonly #running = new Map<JobKind, number>();
  readonly #ids = new Set<EntryId>();
  readonly #settled: (error: unknown, ids: readonly EntryId[]) => void;
  #runningCount = 0;

  /** `settled` is called after each job, with its error if it failed. */
  constructor(settled: (error: unknown, ids: readonly EntryId[]) => void) {
    this.#settled = settled;
  }

  has(id: EntryId): boolean {
    return this.#ids.has(id);
  }

  get isIdle(): boolean {
    return this.#runningCount === 0 && this.#waiting.length === 0;
  }

  isRunning(kind: JobKind): boolean {
    return (this.#running.get(kind) ?? 0) > 0;
  }

  /** Whether a job of this kind would start at once. */
  hasRoom(kind: JobKind): boolean {
    return (this.#running.get(kind) ?? 0) < limits[kind];
  }

  add(job: Job): void {
    for (const id of job.ids) this.#ids.add(id);
    this.#waiting.push(job);
    this.#startNext();
  }

  /** Drops what has not started. */
  clearWaiting(): void {
    for (const job of this.#waiting.splice(0)) for (const id of job.ids) this.#ids.delete(id);
  }

  #startNext(): void {
    for (let index = 0; index < this.#waiting.length;) {
      const job = this.#waiting[index];
      if (!job || (this.#running.get(job.kind) ?? 0) >= limits[job.kind]) {
        index += 1;
        continue;
      }
      this.#waiting.splice(index, 1);
      this.#start(job);
    }
  }

  #start(job: Job): void {
    this.#running.set(job.kind, (this.#running.get(job.kind) ?? 0) + 1);
    this.#runningCount += 1;
    const end = (error: unknown): void => {
      this.#running.set(job.kind, (this.#running.get(job.kind) ?? 1) - 1);
      this.#runningCount -= 1;
      for (const id of job.ids) this.#ids.delete(id);
      this.#startNext();
      this.#settled(error, job.ids);
    };
    job.work().then(() => end(undefined), end);
  }
}

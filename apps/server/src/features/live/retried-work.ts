import type { Host } from "../../host.ts";

/** What failed is tried again after this long, and later each time up to the most. */
const retryMs = 1000;
const maxRetryMs = 30_000;

interface RetriedWorkParts {
  readonly hasWork: () => boolean;
  /** One round of it, in which all that there was to do when it began is tried. */
  readonly round: () => Promise<void>;
  readonly host: Pick<Host, "after">;
  readonly onFailure: (error: unknown) => void;
}

/** Work that comes by and by, done one round at a time, and tried again when it fails. */
export class RetriedWork {
  readonly #parts: RetriedWorkParts;
  #working: Promise<void> | undefined;
  #failures = 0;
  #isStopped = false;
  #cancelRetry = (): void => {};

  constructor(parts: RetriedWorkParts) {
    this.#parts = parts;
  }

  /** There may be something to do. What failed before is not waited for any longer. */
  wake(): void {
    if (this.#isStopped || this.#working) return;
    this.#cancelRetry();
    this.#working = this.#work().finally(() => {
      this.#working = undefined;
      // Came in the last instant. What failed waits for its time.
      if (this.#failures === 0 && this.#parts.hasWork()) this.wake();
    });
  }

  /** Resolves when nothing is under way, or what is has failed and waits. */
  async settle(): Promise<void> {
    while (this.#working) await this.#working;
  }

  /** Begins no more rounds; the one under way goes on to its end. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelRetry();
  }

  async #work(): Promise<void> {
    const { hasWork, round, host, onFailure } = this.#parts;
    try {
      while (!this.#isStopped && hasWork()) {
        await round();
        this.#failures = 0;
      }
    } catch (error) {
      onFailure(error);
      const delayMs = Math.min(retryMs * 2 ** this.#failures, maxRetryMs);
      this.#failures += 1;
      if (!this.#isStopped) this.#cancelRetry = host.after(delayMs, () => this.wake());
    }
  }
}

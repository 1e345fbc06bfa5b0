import type { Timing } from "../retry/timing.ts";

/** A rate may change while somebody waits: so often it is looked at. */
const lookEveryMs = 1000;
/** After a pause, this much of the rate may pass at once, in milliseconds. */
const burstMs = 1000;

/**
 * A token bucket that may run into debt: a request that has begun goes out whole, and those after it wait until its bytes are paid for. Over any time, what passes is the
 * rate times the time, one burst, and the last request. The rate is asked for each time, in bytes a second; null is no limit.
 */
export class RateBucket {
  readonly #timing: Pick<Timing, "nowMs" | "sleep">;
  readonly #rate: () => number | null;
  #levelBytes = 0;
  #atMs: number;

  constructor(timing: Pick<Timing, "nowMs" | "sleep">, rate: () => number | null) {
    this.#timing = timing;
    this.#rate = rate;
    this.#atMs = timing.nowMs();
  }

  /** These bytes passed, asked or not. */
  spend(bytes: number): void {
    if (this.#refill() !== null) this.#levelBytes -= bytes;
  }

  /** Resolves when nothing is owed. Rejects with the signal's reason when it aborts first. */
  async settled(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const rate = this.#refill();
      if (rate === null || this.#levelBytes >= 0) return;
      await this.#timing.sleep(Math.min(lookEveryMs, Math.ceil((-this.#levelBytes / rate) * 1000)), signal);
    }
  }

  /** Waits until nothing is owed, and spends. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    await this.settled(signal);
    this.spend(bytes);
  }

  #refill(): number | null {
    const rate = this.#rate();
    const now = this.#timing.nowMs();
    // A clock that went backwards gives nothing and takes nothing.
    const elapsedMs = Math.max(0, now - this.#atMs);
    this.#atMs = now;
    if (rate === null) this.#levelBytes = 0;
    else this.#levelBytes = Math.min((rate * burstMs) / 1000, this.#levelBytes + (rate * elapsedMs) / 1000);
    return rate;
  }
}

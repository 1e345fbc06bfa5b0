import type { SeededRandom } from "@satchel/testkit";
import type { Scheduler } from "./scheduler.ts";

/**
 * One run of a device's program. All that it asks of the outside takes time, and when it is killed no answer ever comes: whatever it was in the middle of stops there, as
 * under `kill -9`.
 */
export class Process {
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  #isAlive = true;

  constructor(parts: { readonly scheduler: Scheduler; readonly random: SeededRandom }) {
    this.#scheduler = parts.scheduler;
    this.#random = parts.random;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  kill(): void {
    this.#isAlive = false;
  }

  /** Resolves later, if the process lives then. */
  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#scheduler.after(delayMs, () => {
        if (this.#isAlive) resolve();
      });
    });
  }

  /** Does something outside that takes up to `maxMs`, a part of it before and a part after. */
  async call<T>(maxMs: number, work: () => Promise<T> | T): Promise<T> {
    await this.pause(this.#duration(maxMs));
    try {
      return await work();
    } finally {
      await this.pause(this.#duration(maxMs));
    }
  }

  /** Tells the process something from outside, unless it is dead. */
  tell(delayMs: number, news: () => void): void {
    this.#scheduler.after(delayMs, () => {
      if (this.#isAlive) news();
    });
  }

  /** Mostly short, now and then long. */
  #duration(maxMs: number): number {
    const share = this.#random.float();
    return share * share * share * maxMs * 0.5;
  }
}

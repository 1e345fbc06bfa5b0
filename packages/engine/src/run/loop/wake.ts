import type { Clock } from "../../ports/clock.ts";

/** Lets one loop sleep until somebody has something for it. A call while the loop is busy is not lost. */
export class Wake {
  readonly #clock: Clock;
  #isDue = false;
  #abort: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly now = (): void => {
    this.#isDue = true;
    this.#abort?.abort(woken);
  };

  /** Resolves at the next call of {@link now}, at once if there was one since the last sleep, or after `ms`. */
  async sleep(ms: number | undefined): Promise<void> {
    if (!this.#isDue) {
      this.#abort = new AbortController();
      await this.#clock.sleep(ms ?? maxSleepMs, this.#abort.signal);
      this.#abort = undefined;
    }
    this.#isDue = false;
  }
}

/** Why a sleep ended early. Without a reason each wake would make an error, with its stack. */
const woken = "woken";

/** The longest timer: what setTimeout can hold. */
const maxSleepMs = 2 ** 31 - 1;

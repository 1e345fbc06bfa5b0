import type { Clock } from "../../ports/clock.ts";

/** When everything on the disk is to be looked at: each time that its interval is over, and whenever somebody asks for it. */
export class FullLook {
  readonly #clock: Pick<Clock, "nowMs">;
  #isAsked = true;
  #nextMs = 0;

  constructor(clock: Pick<Clock, "nowMs">) {
    this.#clock = clock;
  }

  /** Whether somebody asks for one that was not made yet: in the midst of another, too, where the waking may have ended only a wait of that one. [EN128] */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  ask(): void {
    this.#isAsked = true;
  }

  /** A clock that was set back by more than the interval makes it due as well. [EN34] */
  isDue(intervalMs: number): boolean {
    return this.#isAsked || this.waitMs() <= 0 || this.waitMs() > intervalMs;
  }

  /** Negative when it is overdue. */
  waitMs(): number {
    return this.#nextMs - this.#clock.nowMs();
  }

  /** Looks. What asks for another one meanwhile gets it; a look that fails half way is made again, since what it forgot to be told of is found by nothing else. [EN128] */
  async make(look: () => Promise<void>, intervalMs: number): Promise<void> {
    this.#isAsked = false;
    try {
      await look();
    } catch (error) {
      this.#isAsked = true;
      throw error;
    }
    this.#nextMs = this.#clock.nowMs() + intervalMs;
  }
}

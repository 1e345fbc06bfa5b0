import { backoffMs } from "@satchel/api-client";
import type { Clock, Entropy } from "../../ports/clock.ts";

/** However long a server asks to be left alone. */
const maxPauseMs = 60 * 60_000;

/** Whether the server can be asked, and when to try again if not. */
export class Connection {
  readonly #clock: Clock;
  readonly #entropy: Entropy;
  #failures = 0;
  #sinceMs = 0;
  #pauseMs = 0;
  /** Why the server could not be asked. */
  reason: string | undefined;

  constructor(clock: Clock, entropy: Entropy) {
    this.#clock = clock;
    this.#entropy = entropy;
  }

  get isOffline(): boolean {
    return this.#failures > 0;
  }

  /** In how many milliseconds to try again; 0 for now. A clock that jumped ends the wait. [EN34] */
  get waitMs(): number {
    return this.isOffline ? Math.max(0, this.#pauseMs - Math.abs(this.#clock.nowMs() - this.#sinceMs)) : 0;
  }

  get mayTry(): boolean {
    return this.waitMs === 0;
  }

  /** A request failed for want of an answer. Failures of requests that were sent side by side count once. */
  lost(reason: string, retryAfterSeconds: number | undefined): void {
    this.reason = reason;
    if (this.isOffline && !this.mayTry) return;
    const random = new DataView(this.#entropy.bytes(4).slice().buffer).getUint32(0) / 2 ** 32;
    this.#sinceMs = this.#clock.nowMs();
    this.#pauseMs = Math.min(backoffMs(this.#failures, random, retryAfterSeconds), maxPauseMs);
    this.#failures += 1;
  }

  /** The server answered, or can be reached again. */
  found(): void {
    this.#failures = 0;
    this.reason = undefined;
  }
}

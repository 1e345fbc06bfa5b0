import type { Timing } from "../retry/timing.ts";
import { RateBucket } from "./rate-bucket.ts";

/** Bytes a second each way; null for no limit. */
export interface TransferRates {
  readonly up: number | null;
  readonly down: number | null;
}

/** What all connections of a client may carry together, each way. */
export interface RateLimits {
  readonly up: RateBucket;
  readonly down: RateBucket;
}

/** The rates are asked for again and again, so they may change at any time. */
export function rateLimits(rates: () => TransferRates, timing: Pick<Timing, "nowMs" | "sleep">): RateLimits {
  return { up: new RateBucket(timing, () => rates().up), down: new RateBucket(timing, () => rates().down) };
}

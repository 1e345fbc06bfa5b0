import type { AccountId } from "@satchel/protocol";

/** Something that is counted. */
export interface AttemptCounter {
  readonly key: string;
  /** So many failures cost no wait. Each further one doubles it. */
  readonly free: number;
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
}

export interface CountRequest {
  readonly counters: readonly AttemptCounter[];
  /** A counter is empty when it was left alone for this long. */
  readonly forgetAfterMs: number;
  readonly nowMs: number;
}

/** Failures to prove who one is, counted for all processes and through restarts. */
export interface AttemptStore {
  /** Counts a failure everywhere, and answers 0; or, where a counter is to be waited for, counts nothing and answers the milliseconds. Of many at once none slips through. */
  count(request: CountRequest): Promise<number>;
  /** It was none: counters of `clear` are empty, those of `lessen` have one failure less, and `network` is known. */
  takeBack(request: {
    readonly clear: readonly string[];
    readonly lessen: readonly string[];
    readonly network: { readonly key: string; readonly accountId: AccountId | null };
    readonly nowMs: number;
  }): Promise<void>;
  /** Was this network made known? It is for 90 days after the last time; of one account, the latest 100. */
  isKnown(network: string): Promise<boolean>;
}

import type { WorkspaceId } from "@satchel/protocol";
import { ProblemError } from "@satchel/protocol";
import { retry } from "../retry/retry.ts";
import type { RetryPolicy } from "../retry/retry.ts";
import type { Timing } from "../retry/timing.ts";
import { OfflineError } from "../transport/transport.ts";
import type { TransferRates } from "../limit/rate-limits.ts";
import { maxRequestBytes, RequestSize } from "./request-size.ts";

/** Requests in one direction, as large as the way carries. */
export interface SizedRequests {
  /** How many bytes a request may carry at the moment. */
  readonly bytes: number;
  /** One request of so many bytes: measured, not repeated. */
  measured<T>(bytes: number, work: () => Promise<T>): Promise<T>;
  /** Repeats a step, which looks anew each time at how large a request may be, as the policy says. */
  patiently<T>(step: () => Promise<T>): Promise<T>;
}

export interface SizedRequestsOptions {
  readonly timing: Timing;
  readonly policy: RetryPolicy;
  /** Where a person limits the rate, a request carries no more than passes in a second. Default: no limit. [AC41] */
  readonly rates?: (() => TransferRates) | undefined;
}

/** Chunks of one workspace, by what they are called on the wire. */
export interface ChunkWay<Calls, Chunk> {
  readonly workspaceId: WorkspaceId;
  readonly calls: Calls;
  readonly pack: (chunks: readonly Chunk[]) => string;
}

export function createSizedRequests(
  direction: keyof TransferRates,
  { timing, policy, rates }: SizedRequestsOptions,
): SizedRequests {
  const size = new RequestSize(() => rates?.()[direction] ?? maxRequestBytes);
  return {
    get bytes() {
      return size.bytes;
    },
    async measured(bytes, work) {
      const startedMs = timing.nowMs();
      try {
        const answer = await work();
        size.done(bytes, timing.nowMs() - startedMs);
        return answer;
      } catch (error) {
        if (error instanceof OfflineError) size.cut(bytes, timing.nowMs() - startedMs);
        const isTooLarge = error instanceof ProblemError && error.code === "body_too_large";
        if (!isTooLarge || !size.tooLarge(bytes)) throw error;
        throw new OfflineError("something on the way to the server refuses requests of this size", { cause: error });
      }
    },
    patiently: (step) => retry(step, { policy, timing }),
  };
}

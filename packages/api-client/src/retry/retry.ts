import { ProblemError } from "@satchel/protocol";
import { OfflineError } from "../transport/transport.ts";
import type { Timing } from "./timing.ts";

/** How long somebody is willing to try. */
export interface RetryPolicy {
  /** How often a call is sent at most. */
  readonly attempts: number;
  /** A wait that would be longer than this ends the trying, in milliseconds. */
  readonly maxWaitMs: number;
}

/** For a person who waits in front of a command: a few seconds, then the truth. */
export const foregroundRetry: RetryPolicy = { attempts: 4, maxWaitMs: 15_000 };
/** For what runs unattended: until it works, or its signal ends it. */
export const endlessRetry: RetryPolicy = { attempts: Number.POSITIVE_INFINITY, maxWaitMs: Number.POSITIVE_INFINITY };
/** For callers who keep their own schedule. */
export const noRetry: RetryPolicy = { attempts: 1, maxWaitMs: 0 };

/** The longest wait that we choose ourselves. */
export const maxBackoffMs = 60_000;
/** The longest `Retry-After` that is believed; a proxy that says 'next week' shall not stop a device for a week. */
export const maxRetryAfterSeconds = 3600;

/** Told before each wait, so that a caller can say 'offline' while the call goes on. */
export interface RetryNotice {
  readonly error: unknown;
  /** 1 for the first failure. */
  readonly attempt: number;
  readonly waitMs: number;
}

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly timing: Timing;
  readonly signal?: AbortSignal | undefined;
  readonly onRetry?: ((notice: RetryNotice) => void) | undefined;
  /** Whether this error may pass by itself; default {@link isTransient}. */
  readonly when?: (error: unknown) => boolean;
}

/**
 * Repeats `work` while it fails with errors that may pass. The last error is thrown as it is.
 * @throws the signal's reason once it aborts
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const mayPass = options.when ?? isTransient;
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (options.signal?.aborted || !mayPass(error) || attempt >= options.policy.attempts) throw error;
      const waitMs = backoffMs(attempt, options.timing.random(), retryAfterSeconds(error));
      if (waitMs > options.policy.maxWaitMs) throw error;
      options.onRetry?.({ error, attempt, waitMs });
      await options.timing.sleep(waitMs, options.signal);
    }
  }
}

/** True for an unreachable server and for problems of class 'retry'. */
export function isTransient(error: unknown): boolean {
  return error instanceof OfflineError || (error instanceof ProblemError && error.class === "retry");
}

/**
 * The wait after the `attempt`-th failure in a row (from 1): up to 1, 2, 4, 8 … s, at most {@link maxBackoffMs}, with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/); never less than the server asked for, and then spread over
 * one second more, so that all who were told the same don't come back at once.
 */
export function backoffMs(attempt: number, random: number, askedSeconds: number | undefined): number {
  if (askedSeconds !== undefined) return Math.min(askedSeconds, maxRetryAfterSeconds) * 1000 + random * 1000;
  return random * Math.min(maxBackoffMs, 1000 * 2 ** (attempt - 1));
}

function retryAfterSeconds(error: unknown): number | undefined {
  return error instanceof ProblemError || error instanceof OfflineError ? error.retryAfterSeconds : undefined;
}

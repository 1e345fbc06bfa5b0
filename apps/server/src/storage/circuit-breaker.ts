export interface CircuitBreakerOptions {
  /** So many failures in a row, without a success between them, open the circuit. */
  readonly failuresToOpen: number;
  /** How long it stays open before one call is let through to see. */
  readonly openMs: number;
  readonly nowMs: () => number;
  /** What calls fail with meanwhile. */
  readonly refusal: () => Error;
  /** Whether an error is an answer all the same; none is if left out. */
  readonly isAnswer?: (error: unknown) => boolean;
}

/** Runs a call, or refuses it while the circuit is open. */
export type Guard = <Answer>(call: () => Promise<Answer>) => Promise<Answer>;

/**
 * For calls to something that may be away: when it has failed several times in a row, they fail at once instead of waiting one by one for their time to run out, until one that is let
 * through now and then succeeds. (The circuit breaker of Nygard, *Release It!*, 2007.)
 */
export function createCircuitBreaker(options: CircuitBreakerOptions): Guard {
  const { failuresToOpen, openMs, nowMs, refusal, isAnswer = () => false } = options;
  let failures = 0;
  let closesAtMs = 0;
  return async (call) => {
    if (failures >= failuresToOpen) {
      if (nowMs() < closesAtMs) throw refusal();
      // Half open: this call is let through, and those that come while it runs are not.
      closesAtMs = nowMs() + openMs;
    }
    try {
      const answer = await call();
      failures = 0;
      return answer;
    } catch (error) {
      if (isAnswer(error)) failures = 0;
      else failures += 1;
      closesAtMs = nowMs() + openMs;
      throw error;
    }
  };
}

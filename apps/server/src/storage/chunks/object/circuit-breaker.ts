import { ObjectStoreError, type ObjectStore } from "./object-store.ts";

/** So many failures in a row, without a success between them, open the circuit. */
const failuresToOpen = 5;
/** How long it stays open before one call is let through to see. */
const openMs = 5000;

/**
 * In front of an object store that has failed several times in a row: calls fail at once instead of waiting one by one for their time to run out, until one that is let through now and then succeeds. (The circuit
 * breaker of Nygard, *Release It!*, 2007.)
 */
export function withCircuitBreaker(store: ObjectStore, nowMs: () => number): ObjectStore {
  let failures = 0;
  let closesAtMs = 0;
  async function guard<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    if (failures >= failuresToOpen) {
      if (nowMs() < closesAtMs)
        throw new ObjectStoreError("the object store has failed several times; it is left alone for a moment");
      // Half open: this call is let through, and those that come while it runs are not.
      closesAtMs = nowMs() + openMs;
    }
    try {
      const answer = await ask();
      failures = 0;
      return answer;
    } catch (error) {
      failures += 1;
      closesAtMs = nowMs() + openMs;
      throw error;
    }
  }
  return {
    put: (key, bytes) => guard(() => store.put(key, bytes)),
    get: (range) => guard(() => store.get(range)),
    remove: (keys) => guard(() => store.remove(keys)),
    close: () => store.close(),
  };
}

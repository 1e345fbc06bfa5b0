import { createCircuitBreaker } from "../../circuit-breaker.ts";
import { ObjectStoreError, ObjectStoreFullError, type ObjectStore } from "./object-store.ts";

const failuresToOpen = 5;
const openMs = 5000;

/** In front of an object store that has failed several times in a row: it is left alone for a moment, and calls fail at once. */
export function withCircuitBreaker(store: ObjectStore, nowMs: () => number): ObjectStore {
  const guard = createCircuitBreaker({
    failuresToOpen,
    openMs,
    nowMs,
    refusal: () => new ObjectStoreError("the object store has failed several times; it is left alone for a moment"),
    // One that has no room gives what it has all the same.
    isAnswer: (error) => error instanceof ObjectStoreFullError,
  });
  return {
    put: (key, bytes) => guard(() => store.put(key, bytes)),
    get: (range) => guard(() => store.get(range)),
    look: (key) => guard(() => store.look(key)),
    addresses: store.addresses,
    remove: (keys) => guard(() => store.remove(keys)),
    close: () => store.close(),
  };
}

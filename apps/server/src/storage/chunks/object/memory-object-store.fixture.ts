import { hash } from "node:crypto";
import { ObjectStoreError, type ObjectStore } from "./object-store.ts";

/** For tests: objects in memory, and a switch that makes calls fail. */
export interface MemoryObjectStore extends ObjectStore {
  readonly objects: Map<string, Uint8Array>;
  /** Calls of these kinds fail while they are in here. */
  readonly failing: Set<"put" | "get" | "look" | "remove">;
  /** How many calls were made, those that failed included. */
  calls: number;
}

export function memoryObjectStore(): MemoryObjectStore {
  const objects = new Map<string, Uint8Array>();
  const failing: MemoryObjectStore["failing"] = new Set();
  const begin = (kind: "put" | "get" | "look" | "remove"): void => {
    store.calls += 1;
    if (failing.has(kind)) throw new ObjectStoreError(`the test lets ${kind} fail`);
  };
  const store: MemoryObjectStore = {
    objects,
    failing,
    calls: 0,
    put: async (key, bytes) => {
      begin("put");
      objects.set(key, new Uint8Array(bytes));
    },
    get: async ({ key, offset, length }) => {
      begin("get");
      const bytes = objects.get(key)?.slice(offset, offset + length);
      return bytes?.byteLength === length ? bytes : undefined;
    },
    look: async (key) => {
      begin("look");
      const bytes = objects.get(key);
      return bytes && { sizeBytes: bytes.byteLength, sha256: hash("sha256", bytes) };
    },
    addresses: {
      toPut: async (key, { sha256 }) => ({ url: `memory://put/${key}`, headers: { sha256 } }),
      toGet: async ({ key, offset, length }) => ({
        url: `memory://get/${key}`,
        headers: { range: `${offset}+${length}` },
      }),
    },
    remove: async (keys) => {
      begin("remove");
      for (const key of keys) objects.delete(key);
    },
    close: () => {},
  };
  return store;
}

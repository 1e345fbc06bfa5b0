import type { ApiClient } from "@satchel/api-client";
import { useApp } from "./app-context.ts";

/** Makes a hook for calls that the file list does not need, and is not loaded with. They are made once for each client. */
export function callsHook<Calls>(make: (api: ApiClient) => Calls): () => Calls {
  const known = new WeakMap<ApiClient, Calls>();
  return function useCalls() {
    const { api } = useApp();
    const calls = known.get(api) ?? make(api);
    known.set(api, calls);
    return calls;
  };
}

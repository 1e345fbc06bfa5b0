import { AsyncLocalStorage } from "node:async_hooks";

/** Where the work that is being done came from. */
export interface RequestOrigin {
  /** The caller's IP address; behind trusted proxies, the one that they name. */
  readonly address: string;
}

const origins = new AsyncLocalStorage<RequestOrigin>();

/** Everything that `work` starts knows its origin, however deep: what records it needs no parameter in every feature between. */
export function withOrigin<T>(origin: RequestOrigin, work: () => T): T {
  return origins.run(origin, work);
}

/** Undefined for the server's own work, and for commands. */
export function currentOrigin(): RequestOrigin | undefined {
  return origins.getStore();
}

import type { SearchRequest } from "./sought.ts";

/** Asks for nothing in particular: a test adds what it looks for. */
export const nothing: SearchRequest = {
  text: undefined,
  folder: undefined,
  owner: undefined,
  shared: undefined,
  kinds: undefined,
  size: { from: undefined, to: undefined },
  modified: { from: undefined, to: undefined },
  cursor: undefined,
  limit: undefined,
};

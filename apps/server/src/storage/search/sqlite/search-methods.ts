import type { SearchIndex } from "../search-index.ts";

const all: Record<keyof SearchIndex, true> = {
  positions: true,
  apply: true,
  listChildren: true,
  remove: true,
  forget: true,
  listWorkspaces: true,
  listUnread: true,
  hasUnread: true,
  putTexts: true,
  textsOf: true,
  candidates: true,
  close: true,
};

/** The index's methods, which its thread carries out by name. Complete: one that is missing above is a type error. */
export const searchMethods = Object.keys(all) as (keyof SearchIndex)[];

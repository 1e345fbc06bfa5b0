import type { EntryId, FileKind } from "@satchel/protocol";
import type { NumberRange } from "../../storage/search/search-index.ts";
import type { SoughtName } from "./match-name.ts";
import type { ScopedWorkspace, ScopeFilters } from "./search-scope.ts";

export interface SearchRequest extends Omit<ScopeFilters, "folder"> {
  readonly text: string | undefined;
  readonly folder: EntryId | "root" | undefined;
  readonly kinds: readonly FileKind[] | undefined;
  readonly size: NumberRange;
  /** RFC 3339; both ends included. */
  readonly modified: { readonly from: string | undefined; readonly to: string | undefined };
  readonly cursor: string | undefined;
  readonly limit: number | undefined;
}

/** What a search has to know at every step. */
export interface Sought {
  readonly request: SearchRequest;
  readonly name: SoughtName;
  readonly scope: readonly ScopedWorkspace[];
  readonly modifiedMs: NumberRange;
  readonly limit: number;
}

import { searchResponseSchema } from "@satchel/protocol";
import type { EntryId, FileKind, SearchResponse } from "@satchel/protocol";
import type { CallOptions, Caller } from "./caller.ts";
import { callForJson, withQuery } from "./json-call.ts";

/** What is searched for; what is left out narrows nothing. */
export interface SearchWish {
  readonly text?: string | undefined;
  readonly kinds?: readonly FileKind[] | undefined;
  readonly minSizeBytes?: number | undefined;
  readonly maxSizeBytes?: number | undefined;
  /** RFC 3339; both ends are included. */
  readonly modifiedAfter?: string | undefined;
  readonly modifiedBefore?: string | undefined;
  readonly folderId?: EntryId | "root" | undefined;
  /** An account's name. */
  readonly owner?: string | undefined;
  readonly shared?: boolean | undefined;
  readonly cursor?: string | null | undefined;
  readonly limit?: number | undefined;
}

/** Finding by name and contents; for {@link ApiClient.extend}. */
export interface SearchCalls {
  /** A page, best first. A page may be empty and not the last one. @throws ProblemError bad_request when nothing is asked for, not_found for the folder */
  search(wish: SearchWish, options?: CallOptions): Promise<SearchResponse>;
}

export function createSearchCalls(caller: Caller): SearchCalls {
  return {
    search: (wish, options) => {
      const path = withQuery("/v1/search", {
        q: wish.text,
        kind: wish.kinds?.join(","),
        min_size: wish.minSizeBytes,
        max_size: wish.maxSizeBytes,
        modified_after: wish.modifiedAfter,
        modified_before: wish.modifiedBefore,
        folder_id: wish.folderId,
        owner: wish.owner,
        shared: wish.shared === undefined ? undefined : String(wish.shared),
        cursor: wish.cursor ?? undefined,
        limit: wish.limit,
      });
      return callForJson(caller, { method: "GET", path }, searchResponseSchema, options);
    },
  };
}

import { useEffect } from "react";
import {
  useInfiniteQuery,
  useQueryClient,
  type InfiniteData,
  type UseInfiniteQueryResult,
} from "@tanstack/react-query";
import { createHistoryCalls, type ActivityPage, type ApiClient, type HistoryCalls } from "@satchel/api-client";
import type { EntryId } from "@satchel/protocol";
import { useApp } from "../app-context.ts";

/** Changes come in bursts; what was done is asked for when one is over. */
const settleMs = 300;

const calls = new WeakMap<ApiClient, HistoryCalls>();

/** What happened, and what going back would do. */
export function useHistoryCalls(): HistoryCalls {
  const { api } = useApp();
  const known = calls.get(api) ?? api.extend(createHistoryCalls);
  calls.set(api, known);
  return known;
}

/** What was done in a folder, as it goes on. */
export function useActivity(folderId: EntryId): UseInfiniteQueryResult<InfiniteData<ActivityPage>> {
  const { workspace } = useApp();
  const history = useHistoryCalls();
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = workspace.watchChanges(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        queries.invalidateQueries({ queryKey: ["activity"] }).catch((error: unknown) => reportError(error));
      }, settleMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [workspace, queries]);
  return useInfiniteQuery({
    queryKey: ["activity", folderId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => history.activity({ fileId: folderId, cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.cursor,
  });
}

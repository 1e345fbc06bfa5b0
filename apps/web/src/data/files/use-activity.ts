import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { createHistoryCalls, type ActivityPage } from "@satchel/api-client";
import type { EntryId } from "@satchel/protocol";
import { callsHook } from "../calls-hook.ts";
import { useKeptTrue } from "../use-kept-true.ts";

/** Changes come in bursts; what was done is asked for when one is over. */
const settleMs = 300;

/** What happened, and what going back would do. */
export const useHistoryCalls = callsHook((api) => api.extend(createHistoryCalls));

/** What was done in a folder, as it goes on. */
export function useActivity(folderId: EntryId): UseInfiniteQueryResult<InfiniteData<ActivityPage>> {
  const history = useHistoryCalls();
  useKeptTrue("activity", settleMs);
  return useInfiniteQuery({
    queryKey: ["activity", folderId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => history.activity({ fileId: folderId, cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.cursor,
  });
}

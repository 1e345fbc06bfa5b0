import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { createNoticeCalls } from "@satchel/api-client";
import { callsHook } from "../calls-hook.ts";

/** The calls about what the account is told. */
export const useNoticeCalls = callsHook((api) => api.extend(createNoticeCalls));

/** Asked for anew when the server says that there is news (`app.tsx` knows the key). */
const noticesKey = ["notices"] as const;

/** While the connection that tells of news is away, it is asked for so often. */
const askAgainMs = 60_000;

/** What the account is told, newest first, page by page; each page says how many are unread in all. */
export function useNotices() {
  const calls = useNoticeCalls();
  return useInfiniteQuery({
    queryKey: noticesKey,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => calls.notices({ cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.cursor,
    refetchInterval: askAgainMs,
  });
}

/** Says that notices were read: these, or all where none are named. */
export function useReading() {
  const calls = useNoticeCalls();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ ids }: { readonly ids?: readonly string[] }) => calls.readNotices(ids),
    onSettled: () => queries.invalidateQueries({ queryKey: noticesKey }),
  });
}

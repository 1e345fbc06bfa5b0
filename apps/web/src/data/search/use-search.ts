import { useEffect, useState } from "react";
import {
  keepPreviousData,
  useInfiniteQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
} from "@tanstack/react-query";
import { createSearchCalls } from "@satchel/api-client";
import type { EntryId, SearchResponse } from "@satchel/protocol";
import { callsHook } from "../calls-hook.ts";
import { useKeptTrue } from "../use-kept-true.ts";
import { isAsking, wishOf, type SearchQuestion } from "./search-question.ts";

/** Changes come in bursts; it is searched again when one is over. */
const settleMs = 300;

const useSearchCalls = callsHook((api) => api.extend(createSearchCalls));

/** What is found, kept true while files change. What was found before stays until the next answer is there. */
export function useSearch(
  question: SearchQuestion,
  folderId: EntryId | undefined,
): UseInfiniteQueryResult<InfiniteData<SearchResponse>> {
  const search = useSearchCalls();
  useKeptTrue("search", settleMs);
  return useInfiniteQuery({
    queryKey: ["search", question, folderId],
    enabled: isAsking(question),
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      search.search({ ...wishOf(question, folderId, Date.now()), cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.cursor,
  });
}

/** A value that has rested for a moment. */
export function useRested<Value>(value: Value, restMs: number): Value {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value, restMs]);
  return rested;
}

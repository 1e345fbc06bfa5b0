import { useQuery } from "@tanstack/react-query";
import { useApp } from "../app-context.ts";
import type { Entry } from "../files/entry.ts";

/** Addresses are good for ten minutes (`contentUrlMs`); one that was made a while ago isn't begun with. */
const freshMs = 8 * 60 * 1000;

export interface ShownAddress {
  readonly url: string | undefined;
  readonly error: Error | null;
  /** Asks for another, because this one no longer works. */
  readonly renew: () => void;
}

/** Where a picture or a player gets a file's bytes, under a type that the server chose. */
export function useShownAddress(entry: Pick<Entry, "id" | "latest_version">): ShownAddress {
  const { api } = useApp();
  const { id, latest_version: versionId } = entry;
  const query = useQuery({
    queryKey: ["shown-address", id, versionId],
    staleTime: freshMs,
    gcTime: freshMs,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    queryFn: ({ signal }) =>
      api.contentUrl({ fileId: id, disposition: "inline", ...(versionId && { versionId }) }, { signal }),
  });
  return {
    url: query.data,
    error: query.isFetching ? null : query.error,
    renew: () => {
      query.refetch().catch((error: unknown) => reportError(error));
    },
  };
}

import { useQuery } from "@tanstack/react-query";
import { useApp } from "../app-context.ts";
import type { Entry } from "../files/entry.ts";
import { decodeText } from "./decode-text.ts";
import { readPart } from "./read-part.ts";

/** What is read of a text. */
export const maxTextBytes = 1_000_000;

export interface ReadText {
  /** Undefined while it is read; null for what isn't text. */
  readonly text: string | null | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** The beginning of a file, as text. */
export function useText({ id, latest_version: versionId, size: sizeBytes }: Entry): ReadText {
  const { api } = useApp();
  const query = useQuery({
    queryKey: ["text", id, versionId],
    staleTime: Number.POSITIVE_INFINITY,
    // A version never changes, but its text need not stay in memory.
    gcTime: 60_000,
    queryFn: async ({ signal }) => {
      const bytes = await readPart(api, { id, versionId, sizeBytes }, { start: 0, end: maxTextBytes }, signal);
      return decodeText(bytes, { isWhole: sizeBytes <= maxTextBytes }) ?? null;
    },
  });
  return {
    text: query.data,
    error: query.isFetching ? null : query.error,
    retry: () => {
      query.refetch().catch((error: unknown) => reportError(error));
    },
  };
}

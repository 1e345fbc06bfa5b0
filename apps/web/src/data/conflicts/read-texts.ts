import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { ApiClient } from "@satchel/api-client";
import type { ConflictedCopy, EntryId, VersionState } from "@satchel/protocol";
import { useApp } from "../app-context.ts";
import { readPart } from "../preview/read-part.ts";
import type { ConflictTexts } from "./merge-draft.ts";

/** The largest text, in bytes, that is merged here; as on devices. */
const maxMergedBytes = 256 * 1024;

/** Whether both sides are files that are small enough to be merged as texts. */
export function isMergeable({ mine, theirs, type, original_type: originalType }: ConflictedCopy): boolean {
  if (type !== "file" || originalType !== "file") return false;
  return [mine, theirs].every((version) => version !== null && version.size <= maxMergedBytes);
}

/** The texts of a conflict; null when a side isn't UTF-8: merged, it would not be what it was. */
export function useConflictTexts(conflict: ConflictedCopy): UseQueryResult<ConflictTexts | null> {
  const { api } = useApp();
  const { file_id: copy, original_id: original, mine, theirs, base } = conflict;
  return useQuery({
    queryKey: ["conflict-texts", copy, mine?.version, theirs?.version, base?.version],
    // Versions never change.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const [ofMine, ofTheirs, ofBase] = await Promise.all([
        readText(api, copy, mine, signal),
        readText(api, original, theirs, signal),
        readText(api, original, base, signal),
      ]);
      return ofMine === undefined || ofTheirs === undefined ? null : { mine: ofMine, theirs: ofTheirs, base: ofBase };
    },
  });
}

async function readText(
  api: ApiClient,
  id: EntryId,
  version: VersionState | null,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (version === null || version.size > maxMergedBytes) return undefined;
  const file = { id, versionId: version.version, sizeBytes: version.size };
  return decodeStrictly(await readPart(api, file, { start: 0, end: version.size }, signal));
}

/** With its byte order mark; undefined for what isn't UTF-8, or has a zero in it, as no text has. */
function decodeStrictly(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

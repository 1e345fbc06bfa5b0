import { useEffect } from "react";
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import type { ConflictedCopy, EntryState } from "@satchel/protocol";
import { useApp } from "../app-context.ts";

export const conflictsKey = ["conflicts"] as const;

/** Of shared folders that nobody looks at, no change is heard: they are asked about so often, while the page is seen. */
const askAgainMs = 60_000;

/** Conflicts that nobody has resolved yet: the first page of them, which is more than anybody deals with at once. */
export function useConflicts(): UseQueryResult<readonly ConflictedCopy[]> {
  const { api, workspace } = useApp();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: conflictsKey,
    queryFn: async ({ signal }) => (await api.conflicts({}, { signal })).conflicts,
    refetchInterval: askAgainMs,
  });
  const { data: known } = query;
  useEffect(
    () =>
      workspace.watchChanges((changes) => {
        if (!changes.some((change) => mayConcern(change, known ?? []))) return;
        queries.invalidateQueries({ queryKey: conflictsKey }).catch((error: unknown) => reportError(error));
      }),
    [workspace, queries, known],
  );
  return query;
}

/** Whether a change may make a conflict, end one, or change one of its sides. */
export function mayConcern(
  { id, conflict_of: conflictOf, type, deleted, mounts }: EntryState,
  known: readonly ConflictedCopy[],
): boolean {
  if (conflictOf !== null || mounts !== undefined || (type === "folder" && deleted)) return true;
  return known.some(({ file_id: copy, original_id: original }) => copy === id || original === id);
}

import { useCallback, useEffect, useSyncExternalStore } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ProblemError, rootEntryId, type EntryId } from "@satchel/protocol";
import { useApp } from "../app-context.ts";
import { contentsOf } from "./entry.ts";
import type { FolderView } from "./folder-store.ts";

/** Which folder an address means: `undefined` while it is looked up, `null` where there is none. */
export function useFolderId(path: string): EntryId | null | undefined {
  const { api, workspace } = useApp();
  const queries = useQueryClient();
  useEffect(
    () =>
      workspace.watchChanges((changes) => {
        // A folder that was renamed, moved or deleted gives its address away, for itself and for all that is below.
        if (!changes.some(({ type }) => type === "folder")) return;
        queries.invalidateQueries({ queryKey: ["resolve"] }).catch((error: unknown) => reportError(error));
      }),
    [workspace, queries],
  );
  const found = useQuery({
    queryKey: ["resolve", path],
    enabled: path !== "",
    queryFn: async ({ signal }): Promise<EntryId | null> => {
      try {
        const { file_id: id, type, mounts } = await api.resolve(`/${path}`, { signal });
        if (type !== "folder") return null;
        const folderId = contentsOf({ id, mounts });
        await workspace.prepare(folderId);
        return folderId;
      } catch (error) {
        if (error instanceof ProblemError) return null;
        throw error;
      }
    },
  });
  return path === "" ? rootEntryId(workspace.id) : found.data;
}

/** The folder's listing, as it is now and as it changes. */
export function useFolderView(folderId: EntryId): FolderView {
  const { folders } = useApp().workspace;
  const watch = useCallback((onChange: () => void) => folders.watch(folderId, onChange), [folders, folderId]);
  return useSyncExternalStore(watch, () => folders.view(folderId));
}

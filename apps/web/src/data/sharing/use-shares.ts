import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { workspaceOfEntry, type EntryId, type Share, type SharesResponse } from "@satchel/protocol";
import { useApp } from "../app-context.ts";

export const sharesKey = ["shares"] as const;

/** The shared folders that the account has, and its invitations. */
export function useShares(): UseQueryResult<SharesResponse> {
  const { api } = useApp();
  return useQuery({ queryKey: sharesKey, queryFn: ({ signal }) => api.shares({ signal }) });
}

/** The shared folder that a folder lies in, or is; undefined in the account's own tree, and until it is known. */
export function useShareOf(folderId: EntryId): Share | undefined {
  const { data } = useShares();
  const workspaceId = workspaceOfEntry(folderId);
  return data?.shares.find((share) => share.workspace_id === workspaceId);
}

/** Is it the account's own: in its own tree, or in a folder that it shares? Nothing is offered before that is known. */
export function useIsOwner(entryId: EntryId): boolean {
  const { workspace } = useApp();
  const share = useShareOf(entryId);
  return workspaceOfEntry(entryId) === workspace.id || share?.role === "owner";
}

/** May the account change what is in the folder? Nothing is offered before that is known. */
export function useMayWrite(folderId: EntryId): boolean {
  const { workspace } = useApp();
  const share = useShareOf(folderId);
  if (workspaceOfEntry(folderId) === workspace.id) return true;
  return share !== undefined && share.role !== "viewer";
}

import type { WorkspaceId } from "@satchel/protocol";

const workspacesPerPage = 100;

/** Whoever can list workspaces, by id after `after`. */
interface WorkspaceList {
  listWorkspaces(query: { readonly after: WorkspaceId | undefined; readonly limit: number }): Promise<WorkspaceId[]>;
}

/** Each workspace, by id, page by page, until it is aborted: one that is made meanwhile may be left out. */
export async function* eachWorkspace(store: WorkspaceList, signal?: AbortSignal): AsyncGenerator<WorkspaceId> {
  let after: WorkspaceId | undefined;
  do {
    const page = await store.listWorkspaces({ after, limit: workspacesPerPage });
    for (const workspaceId of page) {
      if (signal?.aborted) return;
      yield workspaceId;
    }
    after = page.length < workspacesPerPage ? undefined : page.at(-1);
  } while (after !== undefined);
}

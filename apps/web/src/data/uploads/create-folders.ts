import { maxCommitOperations, type CommitOperation } from "@satchel/protocol";
import type { Workspaces } from "../files/workspaces.ts";

/** Creates folders, parents first, in as few commits as there can be. */
export async function createFolders(workspace: Workspaces, folders: readonly CommitOperation[]): Promise<void> {
  for (let at = 0; at < folders.length; at += maxCommitOperations) {
    await workspace.commit(folders.slice(at, at + maxCommitOperations));
  }
}

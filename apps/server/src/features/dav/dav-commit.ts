import { ProblemError, type CommitOperation, type CommitResult, type WorkspaceId } from "@satchel/protocol";
import type { FeedPosition } from "../../storage/metadata/tree-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import { encodeCursor } from "../sync/cursor.ts";
import type { DavParts } from "./dav-parts.ts";

const noBytes = new Uint8Array(0);

export interface DavBatch {
  readonly workspaceId: WorkspaceId;
  readonly operations: CommitOperation[];
  /** Up to where the workspace is known: a folder that changed after it isn't deleted. As it is now, if left out. */
  readonly seen?: FeedPosition | undefined;
}

/** What is done here is a commit as any device's: with its versions, its record, and told to the others at once. @throws what `Sync.commit` does */
export async function commitAs(
  { metadata, sync }: DavParts,
  caller: Caller,
  { workspaceId, operations, seen }: DavBatch,
): Promise<CommitResult[]> {
  const position = seen ?? (await metadata.tree.head(workspaceId));
  const request = { workspace_id: workspaceId, seen: encodeCursor(position), operations };
  return (await sync.commit(caller, { request, body: noBytes, repeatable: undefined })).results;
}

type Done = Extract<CommitResult, { status: "done" }>;

/** All of them are done, or this throws the first refusal; what was done before it stays done. */
export async function commitAll(parts: DavParts, caller: Caller, batch: DavBatch): Promise<Done[]> {
  return (await commitAs(parts, caller, batch)).map((result) => {
    if (result.status === "failed") throw refusalOf(result);
    return result;
  });
}

export function refusalOf(result: Extract<CommitResult, { status: "failed" }>): ProblemError {
  return new ProblemError(result.code, result.detail);
}

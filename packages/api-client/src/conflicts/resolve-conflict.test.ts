import assert from "node:assert/strict";
import { test } from "node:test";
import {
  makeEntryId,
  makeWorkspaceId,
  type CommitRequest,
  type ConflictedCopy,
  type Cursor,
  type EntryId,
  type Metadata,
  type VersionId,
} from "@satchel/protocol";
import { resolveConflict, type ConflictCalls } from "./resolve-conflict.ts";

const workspaceId = makeWorkspaceId(new Uint8Array(10));
const [copy, original] = [new Uint8Array(10).fill(1), new Uint8Array(10).fill(2)].map((part) =>
  makeEntryId(workspaceId, part),
) as [EntryId, EntryId];
const conflict = {
  file_id: copy,
  path: "/a (Conflicted copy).txt",
  original_id: original,
  original_path: "/a.txt",
  mine: { version: "mine-1" },
  theirs: { version: "theirs-1" },
  base: null,
} as ConflictedCopy;

test("[CL75] a copy that was edited since it was merged is not taken away with what the merge knows nothing of", async () => {
  const { api, commits } = open({ copyVersion: "mine-2" });
  let replaced = 0;
  const replace = async (): Promise<void> => void (replaced += 1);
  await assert.rejects(resolveConflict(api, conflict, { keep: "merged", replace }), { code: "version_conflict" });
  assert.deepEqual([replaced, commits.length], [0, 0]);
  const unchanged = open({ copyVersion: "mine-1" });
  await resolveConflict(unchanged.api, conflict, { keep: "merged", replace });
  assert.deepEqual(
    [replaced, unchanged.commits.map(({ operations }) => operations)],
    [1, [[{ op: "delete", id: copy }]]],
  );
});

test("[CL75] the copy goes as it was before it was looked at: the server refuses that when it was edited meanwhile", async () => {
  const { api, commits } = open({ copyVersion: "mine-1" });
  for (const keep of ["mine", "theirs"] as const) await resolveConflict(api, conflict, { keep });
  assert.deepEqual(
    commits.map(({ seen }) => seen),
    ["cursor 0", "cursor 2"],
  );
});

/** A server that has both files, with one content, and whose cursor moves with each look at a file. */
function open({ copyVersion }: { readonly copyVersion: string }) {
  const commits: CommitRequest[] = [];
  let looks = 0;
  const api = {
    async metadata({ fileId }: { fileId: EntryId }) {
      looks += 1;
      const latest = (fileId === copy ? copyVersion : "theirs-1") as VersionId;
      return { file_id: fileId, type: "file", latest_version: latest, version_hash: "same" } as Metadata;
    },
    poll: async () => ({ cursor: `cursor ${looks}` as Cursor }),
    async commit(request: CommitRequest) {
      commits.push(request);
      return { results: [{ status: "done" }] };
    },
  } as unknown as ConflictCalls;
  return { api, commits };
}

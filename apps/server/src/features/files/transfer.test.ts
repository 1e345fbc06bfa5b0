import assert from "node:assert/strict";
import { test } from "node:test";
import { idPartBytes, makeEntryId, makeWorkspaceId, rootEntryId, type EntryId } from "@satchel/protocol";
import { maxToldChanges } from "../../storage/metadata/history-store.ts";
import type { EntryChange, TransferOutcome } from "../../storage/metadata/tree-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import type { PublishedCommit } from "../sync/commit-publisher.ts";
import { createTransfer } from "./transfer.ts";

const part = (byte: number): Uint8Array => new Uint8Array(idPartBytes).fill(byte);
const [from, to] = [makeWorkspaceId(part(1)), makeWorkspaceId(part(2))];
const [before, after] = [
  { sequence: 1, epoch: "e" },
  { sequence: 2, epoch: "e" },
];
const changes = (count: number): EntryChange[] => Array.from({ length: count }, () => ({}) as EntryChange);

test("[SH15] both workspaces hear of what went over; of very much only that there is something to ask for", async () => {
  const published: PublishedCommit[] = [];
  const outcome: TransferOutcome = {
    id: makeEntryId(to, part(4)),
    path: "/brought",
    brought: { before, after, changes: changes(maxToldChanges + 1) },
    removed: { before, after, changes: changes(1) },
  };
  const { transfer } = createTransfer({
    authorisation: {
      requireRight: (_, right) => ({ right }) as Caller,
      requireWorkspace: async (_, id) => id,
      requireEntry: async (_, id) => id as EntryId,
    },
    tree: { transfer: async () => outcome },
    publish: (commit) => void published.push(commit),
    host: { nowMs: () => 0 },
  });
  const request = { id: makeEntryId(from, part(3)), parentId: rootEntryId(to), name: "brought", repeatable: undefined };
  const caller = { right: "files.write", accountId: "a", deviceId: null } as unknown as Caller;
  assert.deepEqual(await transfer(caller, request), { id: outcome.id, path: "/brought" });
  assert.deepEqual(
    published.map((told) => [told.workspaceId, told.outcome.changes.length, told.isComplete]),
    [
      [to, maxToldChanges, false],
      [from, 1, true],
    ],
  );
});

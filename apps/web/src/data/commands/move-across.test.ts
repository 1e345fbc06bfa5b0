import assert from "node:assert/strict";
import { test } from "node:test";
import { OfflineError, type ApiClient } from "@satchel/api-client";
import { idPartBytes, makeEntryId, makeWorkspaceId, ProblemError, rootEntryId } from "@satchel/protocol";
import type { Entry } from "../files/entry.ts";
import type { Workspaces } from "../files/workspaces.ts";
import { moveAcross } from "./move-across.ts";

const part = (byte: number): Uint8Array => new Uint8Array(idPartBytes).fill(byte);
const [own, shared] = [makeWorkspaceId(part(1)), makeWorkspaceId(part(2))];
const moves = ["a", "b", "c"].map((name, index) => ({
  entry: { id: makeEntryId(own, part(10 + index)), name } as Entry,
  from: { parentId: rootEntryId(own), name },
  to: { parentId: rootEntryId(shared), name },
}));
const arrived = makeEntryId(shared, part(20));

/** A server that fails as each of `errors` says, or does it; answers what was asked of it. */
function startWorld(errors: readonly (Error | undefined)[]) {
  const asked: string[] = [];
  const waiting = [...errors];
  const api = {
    transfer: async ({ name }: { name: string }) => {
      asked.push(`transfer ${name}`);
      const error = waiting.shift();
      if (error) throw error;
      return { file_id: arrived, path: `/${name}` };
    },
    restore: async ({ file_id: id }: { file_id: string }) => void asked.push(`restore ${id}`),
  };
  const workspace = {
    refresh: async () => undefined,
    commit: async (operations: readonly { op: string; id: string }[]) => {
      asked.push(...operations.map(({ op, id }) => `${op} ${id}`));
      return operations.map(() => ({ status: "done" }));
    },
  };
  return {
    asked,
    move: () => moveAcross(api as unknown as ApiClient, workspace as unknown as Workspaces, moves),
  };
}

test("[WB13] what went over a border before the server went away can be taken back, and the rest is told", async () => {
  const world = startWorld([undefined, new OfflineError("away")]);
  const { done, failures, undo } = await world.move();
  assert.deepEqual([done, failures], [1, ["b", "c"].map((name) => ({ name, code: "unavailable" }))]);
  await undo?.();
  assert.deepEqual(world.asked, [
    "transfer a",
    "transfer b",
    `restore ${moves[0]?.entry.id ?? ""}`,
    `delete ${arrived}`,
  ]);
});

test("[WB13] one that can't go over a border doesn't keep the others; without a server nothing is said to be done", async () => {
  const { done, failures } = await startWorld([new ProblemError("name_taken")]).move();
  assert.deepEqual([done, failures], [2, [{ name: "a", code: "name_taken" }]]);
  await assert.rejects(startWorld([new OfflineError("away")]).move(), OfflineError);
});

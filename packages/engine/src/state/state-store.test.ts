import assert from "node:assert/strict";
import { test } from "node:test";
import { makeEntryId, makeWorkspaceId } from "@satchel/protocol";
import { seededRandom, temporaryDirectory } from "@satchel/testkit";
import { StateStore, type LocalRecord } from "./state-store.ts";
import { StateUnwritableError } from "./state-unwritable-error.ts";

const random = seededRandom("state");
const workspaceId = makeWorkspaceId(random.bytes(10));

function record(state: StateStore, name: string): LocalRecord {
  const id = makeEntryId(workspaceId, random.bytes(10));
  const content = { contentHash: null, sizeBytes: 0, modifiedMs: 0, executable: false, linkTarget: null } as const;
  const seen = { content: "known", conflictOf: null, inode: null, fingerprint: null, modifiedNs: null } as const;
  return { id, parentId: state.rootId, name, type: "folder", ...content, ...seen };
}

test("[EN62] what a failing step wrote is undone with all since the last flush, however deep it was", () => {
  const state = new StateStore(":memory:", workspaceId);
  const [kept, lost] = [record(state, "kept"), record(state, "lost")];
  state.transaction(() => state.local.put(kept));
  state.flush();
  const fail = (): void => {
    state.transaction(() => {
      state.local.put(lost);
      throw new Error("the step failed");
    });
  };
  assert.throws(() => state.transaction(fail), /the step failed/);
  assert.equal(state.local.findChild(state.rootId, "lost"), undefined);
  assert.equal(state.local.find(kept.id)?.name, "kept");
  assert.deepEqual(state.changed(), [kept.id]);
  state.transaction(() => state.local.put(lost));
  state.flush();
  assert.equal(state.local.findChild(state.rootId, "lost")?.id, lost.id);
  state.close();
});

test("[EN62] a disk that is full is told as such, and what was not written is as if it had not been found out yet", async () => {
  await using directory = await temporaryDirectory("state");
  const state = new StateStore(directory.join("state.db"), workspaceId);
  const { page_count: pages } = state.database.prepare("PRAGMA page_count").get() as { page_count: number };
  state.database.exec(`PRAGMA max_page_count=${pages}`);
  assert.throws(() => {
    for (let n = 0; n < 5000; n += 1) state.transaction(() => state.local.put(record(state, `folder ${n}`)));
    state.flush();
  }, StateUnwritableError);
  assert.deepEqual(state.local.children(state.rootId), []);
  state.database.exec("PRAGMA max_page_count=100000");
  state.transaction(() => state.local.put(record(state, "later")));
  state.flush();
  assert.equal(state.local.children(state.rootId).length, 1);
  state.close();
});

test("[EN63] what is pending is in the table after a flush, whether or not a transaction was open", () => {
  const state = new StateStore(":memory:", workspaceId);
  const [first, second] = [record(state, "first"), record(state, "second")];
  const written = (): unknown[] =>
    state.database
      .prepare("SELECT id FROM changed ORDER BY id")
      .all()
      .map(({ id }) => id);
  state.transaction(() => {
    state.local.put(first);
    state.local.put(second);
    state.unmark(first.id);
  });
  assert.deepEqual(written(), []);
  state.flush();
  assert.deepEqual(written(), [second.id]);
  state.unmark(second.id);
  state.mark(first.id);
  state.flush();
  assert.deepEqual(written(), [first.id]);
  state.close();
});

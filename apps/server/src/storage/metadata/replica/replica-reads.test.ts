import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { ProblemError } from "@satchel/protocol";
import { WorkspaceFixture } from "../contract/workspace-fixture.ts";
import type { MetadataStore } from "../metadata-store.ts";
import { openInThreadMetadataStore } from "../sqlite/open-in-thread.ts";
import { withReplicaReads, type ReplicaStore } from "./replica-reads.ts";

describe("reads from a replica", () => {
  let primary: MetadataStore;
  before(async () => {
    primary = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  });
  after(() => primary.close());

  test("[MD96] longer reads of a workspace go to a replica that has its last change", async () => {
    const { store, statistics } = withReplicaReads(primary, primary, { nowMs: () => 0 });
    const ws = await WorkspaceFixture.create(store);
    await ws.makeFolder("a");
    await readAll(ws);
    assert.deepEqual(statistics(), { replica: 5, behind: 0, away: 0 });
  });

  test("[MD96] what a replica refuses is the answer", async () => {
    const { store, statistics } = withReplicaReads(primary, primary, { nowMs: () => 0 });
    const ws = await WorkspaceFixture.create(store);
    const listing = store.tree.listFolder({ folderId: ws.newId(), after: undefined, limit: 1 });
    await assert.rejects(listing, { code: "not_found" });
    assert.equal(statistics().replica, 1);
  });

  test("[MD96] the primary answers where the replica has not heard of the last change, or of the workspace", async () => {
    const ws = await WorkspaceFixture.create(primary);
    const old = await primary.tree.head(ws.workspaceId);
    await ws.makeFolder("a");
    const { sequence } = await primary.tree.head(ws.workspaceId);
    assert.ok(sequence > old.sequence);
    const behind: ReplicaStore = { ...primary, tree: { ...primary.tree, head: async () => old } };
    const empty = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
    for (const replica of [behind, empty]) {
      const { store, statistics } = withReplicaReads(primary, replica, { nowMs: () => 0 });
      const page = await store.tree.changesSince({ workspaceId: ws.workspaceId, after: undefined, limit: 10 });
      assert.equal(page.position.sequence, sequence);
      assert.deepEqual(statistics(), { replica: 0, behind: 1, away: 0 });
    }
    await empty.close();
  });

  test("[MD96] the primary answers where the replica lacks a table or column that an upgrade has just made", async () => {
    const ws = await WorkspaceFixture.create(primary);
    const lacking = async (): Promise<never> => Promise.reject(new Error("relation does not exist"));
    for (const name of ["head", "changesSince"]) {
      const replica = { ...primary, tree: { ...primary.tree, [name]: lacking } };
      const { store, statistics } = withReplicaReads(primary, replica, { nowMs: () => 0 });
      await store.tree.changesSince({ workspaceId: ws.workspaceId, after: undefined, limit: 10 });
      assert.deepEqual(statistics(), { replica: 0, behind: 1, away: 0 });
    }
  });

  test("[MD97] a replica that is gone costs no answer, is left alone for seconds, and then asked again", async () => {
    let asked = 0;
    let nowMs = 0;
    let isThere = false;
    const head: MetadataStore["tree"]["head"] = async (id) => {
      asked += 1;
      if (!isThere) throw new ProblemError("unavailable", "gone");
      return primary.tree.head(id);
    };
    const replica: ReplicaStore = { ...primary, tree: { ...primary.tree, head } };
    const { store, statistics } = withReplicaReads(primary, replica, { nowMs: () => nowMs });
    const ws = await WorkspaceFixture.create(store);
    for (let round = 0; round < 2; round += 1) await readAll(ws);
    assert.deepEqual([asked, statistics()], [3, { replica: 0, behind: 0, away: 10 }]);
    isThere = true;
    nowMs = 6000;
    await readAll(ws);
    assert.deepEqual([asked, statistics().replica], [8, 5]);
  });

  test("[MD97] what ails a replica itself costs no answer: it says nothing, or has no room", async () => {
    const ws = await WorkspaceFixture.create(primary);
    const ailments = [
      () => new Promise<never>(() => {}),
      () => Promise.reject(new ProblemError("storage_full", "The disk of the metadata is full")),
    ];
    for (const ailing of ailments) {
      const silent: ReplicaStore = { ...primary, tree: { ...primary.tree, head: ailing } };
      const failing: ReplicaStore = { ...primary, tree: { ...primary.tree, listFolder: ailing } };
      for (const replica of [silent, failing]) {
        const { store, statistics } = withReplicaReads(primary, replica, { nowMs: () => 0, maxAnswerMs: 20 });
        const { entries } = await store.tree.listFolder({ folderId: ws.root, after: undefined, limit: 10 });
        assert.deepEqual([entries, statistics()], [[], { replica: 0, behind: 0, away: 1 }]);
      }
    }
  });
});

async function readAll({ store: { tree, history }, workspaceId, root }: WorkspaceFixture): Promise<void> {
  const page = { after: undefined, limit: 10 };
  await tree.changesSince({ workspaceId, ...page });
  await tree.listFolder({ folderId: root, ...page });
  await history.listTrash({ workspaceId, retentionMs: 1, ...page });
  await history.listActivity({ workspaceId, within: root, ...page });
  await history.listVersions({ id: root, ...page });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetadataStore } from "../metadata-store.ts";
import { chunkOf, livingPaths, WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of the work that goes on behind. */
export function maintenanceContract(getStore: () => MetadataStore): void {
  const create = () => WorkspaceFixture.create(getStore());

  async function pruneAll(
    ws: WorkspaceFixture,
    beforeMs: number,
    limit: number,
  ): Promise<{ versions: number; entries: number }> {
    const total = { versions: 0, entries: 0 };
    for (let call = 0; call < 1000; call += 1) {
      const { versions, entries, more } = await ws.store.maintenance.prune({
        workspaceId: ws.workspaceId,
        beforeMs,
        limit,
      });
      total.versions += versions;
      total.entries += entries;
      if (!more) return total;
      assert.deepEqual((await ws.store.maintenance.check(ws.workspaceId)).problems, []);
    }
    throw new Error("pruning does not end");
  }

  test("[MD64] the version that a conflict is to be merged on stays until the conflict is resolved", async () => {
    const ws = await create();
    const original = await ws.makeFile("a", ws.root, ["base"]);
    const base = (await ws.state(original)).version_id ?? assert.fail();
    await ws.edit(original, ["between"]);
    await ws.edit(original, ["theirs"]);
    const content = await ws.content(["mine"]);
    const mark = { conflict_of: original, conflict_base: base };
    const copy = ws.newId();
    await ws.done({ op: "create_file", id: copy, parent_id: ws.root, name: "copy", content, ...mark });
    const kept = async () =>
      (await ws.store.history.listVersions({ id: original, after: undefined, limit: 9 })).versions.map(
        ({ version }) => version,
      );
    const thin = () =>
      ws.store.maintenance.thinVersions({ workspaceId: ws.workspaceId, keep: 1, limit: 9, nowMs: ws.nowMs });
    assert.equal(await thin(), 0);
    assert.deepEqual(await pruneAll(ws, ws.nowMs + 1, 100), { versions: 1, entries: 0 });
    assert.ok((await kept()).includes(base));
    await ws.remove(copy);
    assert.equal((await pruneAll(ws, ws.nowMs, 100)).versions, 1);
    assert.equal((await kept()).length, 1);
  });

  test("[MD60] superseded versions and deleted entries go, and free their room", async () => {
    const ws = await create();
    const file = await ws.makeFile("a", ws.root, ["old", "both"]);
    await ws.edit(file, ["both", "newest"]);
    const gone = await ws.makeFile("gone", ws.root, ["gone"]);
    await ws.remove(gone);
    const beforeMs = ws.nowMs + 1;
    ws.nowMs += 10_000;
    const later = await ws.makeFile("later", ws.root, ["later"]);
    await ws.remove(later);
    assert.deepEqual(await pruneAll(ws, beforeMs, 100), { versions: 2, entries: 1 });
    const { usedBytes } = await ws.store.ledger.usage(ws.workspaceId);
    assert.equal(usedBytes, "both".length + "newest".length + "later".length);
    const { entries } = await ws.store.history.listTrash({
      workspaceId: ws.workspaceId,
      after: undefined,
      limit: 10,
      retentionMs: 0,
    });
    assert.deepEqual(
      entries.map((entry) => entry.file_id),
      [later],
    );
    const held = await ws.store.maintenance.listHeldChunks({
      workspaceId: ws.workspaceId,
      after: undefined,
      limit: 10,
    });
    assert.equal(held.find(({ hash }) => hash === chunkOf("gone").hash)?.references, 0);
    assert.equal(held.find(({ hash }) => hash === chunkOf("both").hash)?.references, 1);
  });

  test("[MD60] a deleted folder goes with all that is below, a limited number at a time", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("folder");
    const inner = await ws.makeFolder("inner", folder);
    for (const name of ["a", "b", "c", "d", "e"]) await ws.makeFile(name, inner);
    const single = await ws.makeFile("single", inner);
    await ws.remove(single);
    await ws.remove(folder);
    await ws.makeFile("stays");
    assert.deepEqual(await pruneAll(ws, ws.nowMs + 1, 2), { versions: 6, entries: 8 });
    assert.deepEqual(livingPaths(await ws.changes(undefined)), ["/stays"]);
    assert.equal(await ws.store.tree.pathOf(inner), undefined);
  });

  test("[MD60] what is not old enough stays", async () => {
    const ws = await create();
    const file = await ws.makeFile("a");
    await ws.edit(file, ["b"]);
    await ws.remove(file);
    assert.deepEqual(await pruneAll(ws, 0, 100), { versions: 0, entries: 0 });
  });

  test("[MD61] a workspace after a busy life has no problem", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("folder");
    const file = await ws.makeFile("file", folder, ["1", "2", "1"]);
    await ws.edit(file, ["2", "3"]);
    await ws.done({ op: "touch", id: file, modified: "2026-07-07T07:07:07.000Z", executable: true });
    await ws.done({
      op: "create_link",
      id: ws.newId(),
      parent_id: folder,
      name: "l",
      link_target: "x",
      modified: "2026-07-07T07:07:07.000Z",
    });
    await ws.remove(folder);
    const { problems, checked } = await ws.store.maintenance.check(ws.workspaceId);
    assert.deepEqual(problems, []);
    assert.deepEqual(checked, { workspaces: 1, entries: 4, versions: 4, chunk_references: 6 });
  });

  test("workspaces are listed by id", async () => {
    const [one, other] = [await create(), await create()];
    const all = await getStore().maintenance.listWorkspaces({ after: undefined, limit: 10_000 });
    assert.ok(all.includes(one.workspaceId) && all.includes(other.workspaceId));
    assert.deepEqual(all, all.toSorted());
    const rest = await getStore().maintenance.listWorkspaces({ after: all[0], limit: 10_000 });
    assert.deepEqual(rest, all.slice(1));
  });

  test("what is past its time is dropped: answers, uploads, codes and tokens", async () => {
    const ws = await create();
    const { identity, uploads, maintenance } = ws.store;
    const fileId = ws.newId();
    await uploads.put({
      fileId,
      workspaceId: ws.workspaceId,
      accountId: ws.accountId,
      parentId: ws.root,
      name: "a",
      expiresAtMs: 100,
    });
    await identity.createJoinCode({ secretHash: fileId, accountId: ws.accountId, expiresAtMs: 100 });
    const operation = { op: "create_folder", id: ws.newId(), parent_id: ws.root, name: "a" } as const;
    await ws.commit([operation], { idempotency: { key: "k", requestHash: "1" }, nowMs: 50 });
    await maintenance.dropExpired({ nowMs: 100, idempotencyBeforeMs: 51 });
    assert.equal(await uploads.find(fileId, 0), undefined);
    assert.equal(await identity.redeemJoinCode(fileId, 0), undefined);
    const { results } = await ws.commit([operation], { idempotency: { key: "k", requestHash: "2" }, nowMs: 50 });
    assert.equal(results[0]?.status, "done");
  });
}

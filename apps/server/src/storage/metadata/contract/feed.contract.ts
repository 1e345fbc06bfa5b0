import assert from "node:assert/strict";
import { test } from "node:test";
import type { VersionId } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import { livingPaths, WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of the change feed. */
export function feedContract(getStore: () => MetadataStore): void {
  const create = () => WorkspaceFixture.create(getStore());

  test("[MD2] the feed tells each entry once, in the order of last changes, tombstones included", async () => {
    const ws = await create();
    const [a, b, c] = [await ws.makeFile("a"), await ws.makeFile("b"), await ws.makeFile("c")];
    const start = { sequence: 1, epoch: ws.epoch };
    await ws.remove(b);
    await ws.edit(a, ["new"]);
    const told = await ws.changes(start, 2);
    assert.deepEqual(
      told.map((state) => [state.id, state.deleted, state.sequence]),
      [
        [c, false, 3],
        [b, true, 4],
        [a, false, 5],
      ],
    );
  });

  test("[MD2] at the end a page's position is the head, and an empty workspace has an empty feed", async () => {
    const ws = await create();
    const ask = () => ws.store.tree.changesSince({ workspaceId: ws.workspaceId, after: undefined, limit: 10 });
    assert.deepEqual(await ask(), { changes: [], position: { sequence: 0, epoch: ws.epoch }, hasMore: false });
    const file = await ws.makeFile("a");
    await ws.remove(file);
    const position = { sequence: 2, epoch: ws.epoch, madeAtMs: ws.nowMs };
    assert.deepEqual(await ask(), { changes: [], position, hasMore: false });
  });

  test("[MD3] from the beginning, what is deleted or lies in deleted folders is left out", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("folder");
    const inner = await ws.makeFolder("inner", folder);
    await ws.makeFile("buried", inner);
    const kept = await ws.makeFile("kept");
    await ws.remove(folder);
    for (const limit of [1, 2, 100])
      assert.deepEqual(
        (await ws.changes(undefined, limit)).map((state) => state.id),
        [kept],
      );
  });

  test("[MD3] a listing goes on although tombstones before its start are pruned meanwhile", async () => {
    const ws = await create();
    for (const name of ["a", "b", "c"]) await ws.makeFile(name);
    const gone = await ws.makeFile("gone");
    await ws.remove(gone);
    const first = await ws.store.tree.changesSince({ workspaceId: ws.workspaceId, after: undefined, limit: 1 });
    assert.equal(first.position.listingHead, 5);
    await ws.store.maintenance.prune({ workspaceId: ws.workspaceId, beforeMs: ws.nowMs + 1, limit: 100 });
    const rest = await ws.changes(first.position, 1);
    assert.deepEqual(livingPaths([...first.changes, ...rest]), ["/a", "/b", "/c"]);
    const { listingHead: _, ...plain } = first.position;
    await assert.rejects(ws.changes(plain), { code: "cursor_expired" });
  });

  test("[MD4] foreign, expired and future positions are told apart", async () => {
    const ws = await create();
    const file = await ws.makeFile("a");
    const { sequence, epoch } = await ws.head();
    await ws.remove(file);
    await assert.rejects(ws.changes({ sequence, epoch: "other" }), { code: "cursor_expired" });
    await assert.rejects(ws.changes({ sequence: sequence + 2, epoch }), { code: "cursor_ahead" });
    // Whoever listed the workspace when it was empty hears of what came and went since.
    assert.deepEqual(
      (await ws.changes({ sequence: 0, epoch })).map(({ id, deleted }) => [id, deleted]),
      [[file, true]],
    );
    await ws.store.maintenance.prune({ workspaceId: ws.workspaceId, beforeMs: ws.nowMs + 1, limit: 100 });
    await assert.rejects(ws.changes({ sequence, epoch }), { code: "cursor_expired" });
    assert.deepEqual(await ws.changes({ sequence: sequence + 1, epoch }), []);
    await assert.rejects(ws.changes({ sequence: 0, epoch }), { code: "cursor_expired" });
    const stranger = { workspaceId: "aaaaaaaaaaaaaaaa" as typeof ws.workspaceId, after: undefined, limit: 1 };
    await assert.rejects(ws.store.tree.changesSince(stranger), { code: "not_found" });
  });

  test("[MD4] whoever was told of another change under the same number has seen a future that is gone", async () => {
    const ws = await create();
    await ws.makeFile("a");
    const first = await ws.head();
    for (const name of ["b", "c"]) await ws.makeFile(name);
    const head = await ws.head();
    assert.equal((await ws.changes(first)).length, 2);
    assert.equal((await ws.changes({ sequence: first.sequence, epoch: first.epoch })).length, 2);
    for (const position of [first, head]) {
      const foreign = { ...position, madeAtMs: (position.madeAtMs ?? 0) + 1 };
      await assert.rejects(ws.changes(foreign), { code: "cursor_ahead" });
    }
    // What is no longer in the journal can't be told apart.
    await ws.store.maintenance.prune({ workspaceId: ws.workspaceId, beforeMs: ws.nowMs + 1, limit: 100 });
    assert.equal((await ws.changes({ ...first, madeAtMs: 1 })).length, 2);
  });

  test("[MD5] short manifests go along, long ones are asked for", async () => {
    const ws = await create();
    const texts = Array.from({ length: 17 }, (_, index) => `chunk ${index}`);
    const [short, long] = [
      await ws.makeFile("short", ws.root, texts.slice(1)),
      await ws.makeFile("long", ws.root, texts),
    ];
    const told = await ws.changes(undefined);
    const expected = await ws.content(texts);
    assert.deepEqual(
      told.map((state) => [state.id, state.chunks?.length]),
      [
        [short, (16 * 36 * 4) / 3],
        [long, undefined],
      ],
    );
    const versions = told.map((state) => ({ id: state.id, versionId: state.version_id ?? assert.fail() }));
    const unknown = { id: long, versionId: "v1.gone" as VersionId };
    const manifests = await ws.store.tree.manifests(ws.workspaceId, [...versions.toReversed(), unknown]);
    assert.equal(manifests.length, 3);
    assert.equal(Buffer.from(manifests[0] ?? assert.fail()).toString("base64"), expected.chunks);
    assert.equal(manifests[2], undefined);
  });
}

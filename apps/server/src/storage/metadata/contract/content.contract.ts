import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { MetadataStore } from "../metadata-store.ts";
import { chunkOf, WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of manifests, the chunk ledger and the quota. */
export function contentContract(getStore: () => MetadataStore): void {
  const create = (quotaBytes: number | null = null) => WorkspaceFixture.create(getStore(), quotaBytes);
  const newFile = (ws: WorkspaceFixture) =>
    ({ op: "create_file", id: ws.newId(), parent_id: ws.root, name: ws.newId() }) as const;

  test("[MD30] hash and size have to fit the chunks", async () => {
    const ws = await create();
    const content = await ws.content(["a", "b"]);
    const other = await ws.content(["c"]);
    const wrong = [
      { ...content, size: content.size + 1 },
      { ...content, version_hash: other.version_hash },
      { ...content, chunks: content.chunks.slice(0, -8) },
      { ...content, chunks: Buffer.alloc(36).toString("base64") },
    ];
    for (const each of wrong)
      assert.equal((await ws.failed({ ...newFile(ws), content: each })).code, "manifest_mismatch");
    await ws.done({ ...newFile(ws), content });
  });

  test("[MD30] an empty file has no chunks", async () => {
    const ws = await create();
    const content = await ws.content([]);
    const { version_id } = await ws.done({ ...newFile(ws), content });
    assert.ok(version_id);
    assert.equal(content.version_hash, createHash("sha256").digest("hex"));
  });

  test("[MD31] chunks that the workspace does not hold are named, whoever else has them", async () => {
    const [ws, stranger] = [await create(), await create()];
    await stranger.content(["secret", "held"]);
    await ws.content(["held"]);
    const content = await ws.content(["held", "secret"], { isGranted: false });
    const failed = await ws.failed({ ...newFile(ws), content });
    assert.equal(failed.code, "chunk_missing");
    assert.deepEqual(failed.missing_chunk_hashes, [chunkOf("secret").hash]);
    const sizes = await ws.store.ledger.sizesOfHeld(
      ws.workspaceId,
      [chunkOf("secret").hash, chunkOf("held").hash],
      ws.nowMs,
    );
    assert.deepEqual(sizes, [undefined, 4]);
  });

  test("[MD35] chunks that come with a commit are held from it on, and by nobody else", async () => {
    const [ws, stranger] = [await create(), await create()];
    const content = await ws.content(["carried"], { isGranted: false });
    const { results } = await ws.commit([{ ...newFile(ws), content }], { granted: [chunkOf("carried")] });
    assert.equal(results[0]?.status, "done");
    const heldBy = async (someone: typeof ws) =>
      await someone.store.ledger.sizesOfHeld(someone.workspaceId, [chunkOf("carried").hash], someone.nowMs);
    assert.deepEqual(await heldBy(ws), [7]);
    assert.deepEqual(await heldBy(stranger), [undefined]);
  });

  test("[MD35] chunks that come with a commit are held though its operations are refused, or name them only later, and are nobody's when they come again", async () => {
    const ws = await create(10);
    const carried = ["carried", "too much for it"];
    const granted = [...carried, carried[0] as string].map(chunkOf);
    const held = async () =>
      await ws.store.ledger.sizesOfHeld(
        ws.workspaceId,
        carried.map((text) => chunkOf(text).hash),
        ws.nowMs,
      );
    const tooMuch = await ws.content(["too much for it"], { isGranted: false });
    const { results } = await ws.commit([{ ...newFile(ws), content: tooMuch }], { granted });
    assert.equal(results[0]?.status, "failed");
    assert.deepEqual(await held(), [7, 15]);
    const content = await ws.content(["carried"], { isGranted: false });
    for (let times = 0; times < 2; times += 1) await ws.commit([{ ...newFile(ws), content }], { granted });
    assert.deepEqual(await ws.store.ledger.usage(ws.workspaceId), { usedBytes: 7, quotaBytes: 10 });
    assert.deepEqual(await held(), [7, 15]);
  });

  test("[MD32] use counts each referenced chunk once, and the quota holds", async () => {
    const ws = await create(10);
    const use = async () => await ws.store.ledger.usage(ws.workspaceId);
    await ws.done({ ...newFile(ws), content: await ws.content(["12345", "12345"]) });
    assert.deepEqual(await use(), { usedBytes: 5, quotaBytes: 10 });
    await ws.done({ ...newFile(ws), content: await ws.content(["12345"]) });
    const tooMuch = await ws.failed({ ...newFile(ws), content: await ws.content(["abcdef"]) });
    assert.equal(tooMuch.code, "quota_exceeded");
    const { results } = await ws.commit([
      { ...newFile(ws), content: await ws.content(["abcde"]) },
      { ...newFile(ws), content: await ws.content(["x"]) },
      { ...newFile(ws), content: await ws.content(["abcde", "12345"]) },
    ]);
    assert.deepEqual(
      results.map((result) => (result.status === "done" ? "done" : result.code)),
      ["done", "quota_exceeded", "done"],
    );
    assert.equal((await use()).usedBytes, 10);
  });

  test("[MD32] both versions of a merge have to fit together", async () => {
    const ws = await create(10);
    const created = newFile(ws);
    await ws.done({ ...created, content: await ws.content(["12"]) });
    const base = (await ws.state(created.id)).version_id ?? assert.fail();
    const merge = async (mine: string, both: string) => ({
      op: "merge_file" as const,
      id: created.id,
      base_version_id: base,
      content: await ws.content([both]),
      merged: { base_version_id: base, content: await ws.content([mine]) },
    });
    const tooMuch = await ws.failed(await merge("12345", "abcde"));
    assert.deepEqual([tooMuch.code, tooMuch.missing_bytes], ["quota_exceeded", 2]);
    await ws.done(await merge("1234", "abcd"));
    assert.deepEqual(await ws.store.ledger.usage(ws.workspaceId), { usedBytes: 10, quotaBytes: 10 });
  });

  test("[MD33] a link is named by its target", async () => {
    const ws = await create();
    const id = ws.newId();
    const modified = "2026-01-01T00:00:00.000Z";
    const link = { op: "create_link", id, parent_id: ws.root, name: "l", link_target: "../ä", modified } as const;
    const first = await ws.done(link);
    const state = await ws.state(id);
    assert.equal(state.version_hash, createHash("sha256").update("../ä", "utf8").digest("hex"));
    assert.deepEqual([state.size, state.link_target, state.executable, state.chunks], [5, "../ä", false, undefined]);
    assert.deepEqual(await ws.done(link), first);
    assert.ok(first.version_id);
    await ws.done({ op: "edit_link", id, base_version_id: first.version_id, link_target: "b", modified });
    assert.equal((await ws.state(id)).link_target, "b");
    const content = await ws.content(["x"]);
    const asFile = await ws.failed({ op: "edit_file", id, base_version_id: first.version_id, content });
    assert.equal(asFile.code, "not_found");
  });

  test("[MD34] unreferenced chunks are released after their grace, and not if they were asked for meanwhile", async () => {
    const ws = await create();
    const { ledger, maintenance } = ws.store;
    const [kept, dropped, used] = [chunkOf("kept"), chunkOf("dropped"), chunkOf("used")];
    await ledger.grant(ws.workspaceId, [kept, dropped, used], 0);
    await ws.done({ ...newFile(ws), content: await ws.content(["used"], { isGranted: false }) });
    const hour = 3_600_000;
    const release = (beforeMs: number) =>
      maintenance.releaseChunks({ workspaceId: ws.workspaceId, beforeMs, limit: 10 });
    await ledger.sizesOfHeld(ws.workspaceId, [kept.hash, used.hash], 5 * hour);
    assert.equal(await release(0), 0);
    assert.equal(await release(5 * hour), 1);
    assert.deepEqual(await ledger.sizesOfHeld(ws.workspaceId, [kept.hash, dropped.hash, used.hash], 5 * hour), [
      4,
      undefined,
      4,
    ]);
    assert.equal(await release(20 * hour), 1);
    assert.deepEqual(await ledger.sizesOfHeld(ws.workspaceId, [kept.hash, used.hash], 20 * hour), [undefined, 4]);
  });

  test("[MD34] a promise that is renewed often is written seldom, and held all the same", async () => {
    const ws = await create();
    const { ledger, maintenance } = ws.store;
    const chunk = chunkOf("asked for");
    const minute = 60_000;
    await ledger.grant(ws.workspaceId, [chunk], 0);
    await ledger.sizesOfHeld(ws.workspaceId, [chunk.hash], 9 * minute);
    const request = { workspaceId: ws.workspaceId, limit: 10 };
    assert.equal(await maintenance.releaseChunks({ ...request, beforeMs: 9 * minute }), 0);
    assert.equal(await maintenance.releaseChunks({ ...request, beforeMs: 30 * minute }), 1);
  });

  test("a chunk counts as held as long as any workspace holds it", async () => {
    const [ws, other] = [await create(), await create()];
    const [shared, nobodys] = [chunkOf(`shared ${ws.workspaceId}`), chunkOf(`nobody's ${ws.workspaceId}`)];
    for (const each of [ws, other]) await each.store.ledger.grant(each.workspaceId, [shared], 0);
    const ask = () => ws.store.maintenance.findUnheld([nobodys.hash, shared.hash]);
    const release = (each: WorkspaceFixture) =>
      each.store.maintenance.releaseChunks({ workspaceId: each.workspaceId, beforeMs: 3_600_000, limit: 10 });
    await release(ws);
    assert.deepEqual(await ask(), [nobodys.hash]);
    await release(other);
    assert.deepEqual(await ask(), [nobodys.hash, shared.hash]);
  });
}

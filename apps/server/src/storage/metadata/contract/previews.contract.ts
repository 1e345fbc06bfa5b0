import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { idPartBytes, makeWorkspaceId, type EntryId, type VersionId } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import { chunkOf, WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of small pictures. */
export function previewsContract(getStore: () => MetadataStore): void {
  /** A file, its version, and a picture of it that nobody else has. */
  async function pictured() {
    const ws = await WorkspaceFixture.create(getStore());
    const { workspaceId } = ws;
    const entryId = await ws.makeFile("picture.jpg");
    const versionId = (await ws.state(entryId)).version_id as VersionId;
    const chunk = chunkOf(`small ${workspaceId}`).hash;
    return { ws, chunk, version: { workspaceId, entryId, versionId } };
  }

  test("[WK31] a version's small pictures are found by their size, or that none can be made; their chunks are held", async () => {
    const { previews, maintenance } = getStore();
    const { chunk, version } = await pictured();
    assert.equal(await previews.find(version, 256), undefined);
    assert.deepEqual(await maintenance.findUnheld([chunk]), [chunk]);
    await previews.put(version, [
      { size: 256, chunk },
      { size: 1024, chunk: null },
    ]);
    assert.deepEqual(await previews.find(version, 256), { chunk });
    assert.deepEqual(await previews.find(version, 1024), { chunk: null });
    assert.deepEqual(await maintenance.findUnheld([chunk]), []);
    await previews.put(version, [{ size: 256, chunk: null }]);
    assert.deepEqual(await previews.find(version, 256), { chunk: null });
    assert.deepEqual(await maintenance.findUnheld([chunk]), [chunk]);
  });

  test("[WK31] pictures go with their version, and none comes behind its removal", async () => {
    const { previews, maintenance } = getStore();
    const { ws, chunk, version } = await pictured();
    await previews.put(version, [{ size: 256, chunk }]);
    await ws.edit(version.entryId, ["other"]);
    assert.deepEqual(await previews.find(version, 256), { chunk });
    const { workspaceId } = version;
    await maintenance.prune({ workspaceId, beforeMs: ws.nowMs + 1, limit: 10 });
    assert.equal(await previews.find(version, 256), undefined);
    assert.deepEqual(await maintenance.findUnheld([chunk]), [chunk]);
    await previews.put(version, [{ size: 256, chunk }]);
    assert.equal(await previews.find(version, 256), undefined);
  });

  test("[WK31] pictures go along with what moves into a shared folder", async () => {
    const { previews, maintenance, shares } = getStore();
    const ws = await WorkspaceFixture.create(getStore());
    const folderId = await ws.makeFolder("shared");
    const [inside, outside] = [await ws.makeFile("inside.jpg", folderId), await ws.makeFile("outside.jpg")];
    const pictured = async (entryId: EntryId) => {
      const versionId = (await ws.state(entryId)).version_id as VersionId;
      const chunk = chunkOf(`small ${entryId}`).hash;
      const version = { workspaceId: ws.workspaceId, entryId, versionId };
      await previews.put(version, [{ size: 256, chunk }]);
      return { version, chunk };
    };
    const [moved, left] = [await pictured(inside), await pictured(outside)];
    const workspaceId = makeWorkspaceId(randomBytes(idPartBytes));
    await shares.create({
      folderId,
      workspaceId,
      author: { accountId: ws.accountId, deviceId: null },
      nowMs: ws.nowMs,
    });
    assert.deepEqual(await previews.find({ ...moved.version, workspaceId }, 256), { chunk: moved.chunk });
    assert.equal(await previews.find(moved.version, 256), undefined);
    assert.deepEqual(await previews.find(left.version, 256), { chunk: left.chunk });
    assert.deepEqual(await maintenance.findUnheld([moved.chunk, left.chunk]), []);
  });

  test("[SE71] with a workspace go its pictures", async () => {
    const { previews, privacy } = getStore();
    const { ws, chunk, version } = await pictured();
    await previews.put(version, [{ size: 256, chunk }]);
    for (let isDone = false; !isDone;) isDone = await privacy.eraseStep(ws.accountId, 10);
    assert.equal(await previews.find(version, 256), undefined);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetadataStore } from "../metadata-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of looking things up in the living tree. */
export function treeContract(getStore: () => MetadataStore): void {
  const create = () => WorkspaceFixture.create(getStore());

  test("an entry is found with its path and its whole manifest", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("docs");
    const texts = Array.from({ length: 20 }, (_, index) => `text ${index}`);
    const file = await ws.makeFile("a.txt", folder, texts);
    const found = await ws.store.tree.findEntry(file);
    assert.equal(found?.path, "/docs/a.txt");
    assert.equal(found.packedChunks.length, 20 * 36);
    assert.equal(found.entry.chunks, undefined);
    const root = await ws.store.tree.findEntry(ws.root);
    assert.deepEqual([root?.path, root?.entry.type, root?.entry.parent_id], ["/", "folder", null]);
  });

  test("[MD13] nothing deleted is found, but its path is remembered", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("docs");
    const file = await ws.makeFile("a.txt", folder);
    await ws.remove(folder);
    for (const id of [folder, file, ws.newId()]) assert.equal(await ws.store.tree.findEntry(id), undefined);
    await assert.rejects(ws.store.tree.listFolder({ folderId: folder, after: undefined, limit: 1 }), {
      code: "not_found",
    });
    assert.equal(await ws.store.tree.pathOf(file), "/docs/a.txt");
    assert.equal(await ws.store.tree.pathOf(ws.newId()), undefined);
  });

  test("a folder is listed by name, page by page", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("docs");
    for (const name of ["b", "a", "B", "ä", "z"]) await ws.makeFile(name, folder);
    const names: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await ws.store.tree.listFolder({ folderId: folder, after, limit: 2 });
      names.push(...page.entries.map((entry) => entry.name));
      if (page.next === null) break;
      after = page.next;
    }
    assert.deepEqual(names, ["B", "a", "b", "z", "ä"]);
    const file = await ws.makeFile("file");
    await assert.rejects(ws.store.tree.listFolder({ folderId: file, after: undefined, limit: 1 }), {
      code: "not_found",
    });
  });

  test("a path is followed from the root", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("docs");
    const file = await ws.makeFile("a.txt", folder);
    const resolve = (...names: string[]) => ws.store.tree.resolvePath(ws.workspaceId, names);
    assert.equal(await resolve(), ws.root);
    assert.equal(await resolve("docs"), folder);
    assert.equal(await resolve("docs", "a.txt"), file);
    for (const names of [["a.txt"], ["docs", "b"], ["docs", "a.txt", "c"]])
      assert.equal(await resolve(...names), undefined);
    await ws.remove(folder);
    assert.equal(await resolve("docs", "a.txt"), undefined);
  });

  test("an announced upload is remembered until it expires or is dropped", async () => {
    const ws = await create();
    const { uploads } = ws.store;
    const fileId = ws.newId();
    const upload = {
      fileId,
      workspaceId: ws.workspaceId,
      accountId: ws.accountId,
      parentId: ws.root,
      name: "a",
      expiresAtMs: 100,
    };
    await uploads.put({ ...upload, name: "first" });
    await uploads.put(upload);
    assert.deepEqual(await uploads.find(fileId, 99), upload);
    assert.equal(await uploads.find(fileId, 100), undefined);
    await uploads.drop(fileId);
    await uploads.drop(fileId);
    assert.equal(await uploads.find(fileId, 0), undefined);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetadataStore } from "../metadata-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of deleting, and of creating again what was deleted. */
export function removalContract(getStore: () => MetadataStore): void {
  const create = () => WorkspaceFixture.create(getStore());

  test("[MD17] a folder in which something changed unseen is not deleted", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("folder");
    const inner = await ws.makeFolder("inner", folder);
    const seenSequence = (await ws.head()).sequence;
    const file = await ws.makeFile("new", inner);
    const refused = await ws.failed({ op: "delete", id: folder }, { seenSequence });
    assert.deepEqual([refused.code, refused.current?.id], ["changed_since", folder]);
    assert.equal(await ws.path(file), "/folder/inner/new");
    await ws.remove(folder);
    assert.deepEqual(await ws.paths(), []);
  });

  test("[MD17] what changed elsewhere, or was deleted inside, stops no deletion", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("folder");
    const gone = await ws.makeFile("gone", folder);
    const seenSequence = (await ws.head()).sequence;
    await ws.remove(gone);
    await ws.makeFile("elsewhere");
    await ws.done({ op: "delete", id: folder }, { seenSequence });
  });

  test("[MD17] the batch's own changes stop no deletion, but they hide nobody else's", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("folder");
    const file = await ws.makeFile("file", folder);
    const seenSequence = (await ws.head()).sequence;
    const touch = { op: "touch", id: file, modified: "2026-05-05T05:05:05.000Z", executable: true } as const;
    const remove = { op: "delete", id: folder } as const;
    await ws.edit(file, ["by somebody else"]);
    const { results } = await ws.commit([touch, remove], { seenSequence });
    assert.deepEqual(
      results.map((result) => (result.status === "done" ? "done" : result.code)),
      ["done", "changed_since"],
    );
    const own = await ws.commit([{ ...touch, executable: false }, remove]);
    assert.deepEqual(
      own.results.map((result) => result.status),
      ["done", "done"],
    );
  });

  test("[MD17] what was moved into the folder by the same batch counts, after another deletion too", async () => {
    const ws = await create();
    const [folder, other, gone] = [
      await ws.makeFolder("folder"),
      await ws.makeFolder("other"),
      await ws.makeFolder("gone"),
    ];
    const seenSequence = (await ws.head()).sequence;
    await ws.makeFile("unseen", other);
    const { results } = await ws.commit(
      [
        { op: "delete", id: gone },
        { op: "move", id: other, parent_id: folder, name: "other", base_parent_id: ws.root, base_name: "other" },
        { op: "delete", id: folder },
      ],
      { seenSequence },
    );
    assert.deepEqual(
      results.map((result) => (result.status === "done" ? "done" : result.code)),
      ["done", "done", "changed_since"],
    );
  });

  test("[MD18] deleting a folder is one change, and everything in it is gone", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("folder");
    const inner = await ws.makeFolder("inner", folder);
    const file = await ws.makeFile("file", inner);
    const { before, after } = await ws.commit([{ op: "delete", id: folder }]);
    assert.equal(after.sequence - before.sequence, 1);
    assert.equal(await ws.path(file), undefined);
    const touched = await ws.failed({ op: "touch", id: file, modified: "2026-05-05T05:05:05.000Z", executable: true });
    assert.equal(touched.code, "not_found");
  });

  test("[MD19] creating again what is there is done at once, else the id is taken", async () => {
    const ws = await create();
    const id = await ws.makeFile("a", ws.root, ["a"]);
    const { sequence, version_id } = await ws.state(id);
    const same = { op: "create_file", id, parent_id: ws.root, name: "a", content: await ws.content(["a"]) } as const;
    assert.deepEqual(await ws.done(same), { status: "done", sequence, version_id });
    const other = await ws.failed({ ...same, content: await ws.content(["b"]) });
    assert.deepEqual([other.code, other.current?.id], ["id_taken", id]);
    assert.equal((await ws.failed({ ...same, name: "b" })).code, "id_taken");
  });

  test("[MD19] a deleted file comes back at the new place, with its history", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("folder");
    const id = await ws.makeFile("a", folder, ["one"]);
    await ws.remove(folder);
    const content = await ws.content(["two"]);
    await ws.done({ op: "create_file", id, parent_id: ws.root, name: "b", content });
    assert.equal(await ws.path(id), "/b");
    const { versions } = await ws.store.history.listVersions({ id, after: undefined, limit: 10 });
    assert.deepEqual(
      versions.map((version) => version.size),
      [3, 3],
    );
    const folderAgain = await ws.failed({
      op: "create_link",
      id: folder,
      parent_id: ws.root,
      name: "l",
      link_target: "x",
      modified: "2026-01-01T00:00:00.000Z",
    });
    assert.equal(folderAgain.code, "id_taken");
  });

  test("[MD19] a deleted folder comes back empty, and stays so", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("folder");
    const inner = await ws.makeFolder("inner", folder);
    const file = await ws.makeFile("file", inner);
    await ws.remove(folder);
    const cursor = await ws.head();
    const place = { parent_id: folder, name: "inner" };
    const { results } = await ws.commit([
      { op: "create_folder", id: folder, parent_id: ws.root, name: "again" },
      { op: "create_folder", id: ws.newId(), ...place },
    ]);
    assert.deepEqual(
      results.map((result) => result.status),
      ["done", "done"],
    );
    assert.deepEqual(await ws.paths(), ["/again", "/again/inner"]);
    assert.equal(await ws.path(file), undefined);
    const told = await ws.changes(cursor);
    assert.ok(told.some((state) => state.id === inner && state.deleted));
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { rootEntryId, type EntryId } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of single operations and batches. */
export function commitContract(getStore: () => MetadataStore): void {
  const create = () => WorkspaceFixture.create(getStore());

  test("[MD1] each change takes the next sequence", async () => {
    const ws = await create();
    const first = await ws.done({ op: "create_folder", id: ws.newId(), parent_id: ws.root, name: "a" });
    const second = await ws.done({ op: "create_folder", id: ws.newId(), parent_id: ws.root, name: "b" });
    assert.deepEqual([first.sequence, second.sequence, (await ws.head()).sequence], [1, 2, 2]);
  });

  test("[MD10] [MD11] a batch may use what it made, and a refused operation leaves the others", async () => {
    const ws = await create();
    const [folder, file, other] = [ws.newId(), ws.newId(), ws.newId()];
    const content = await ws.content(["text"]);
    const outcome = await ws.commit([
      { op: "create_folder", id: folder, parent_id: ws.root, name: "docs" },
      { op: "create_file", id: file, parent_id: folder, name: "a.txt", content },
      { op: "create_folder", id: other, parent_id: folder, name: "a.txt" },
      { op: "move", id: file, parent_id: folder, name: "b.txt", base_parent_id: folder, base_name: "a.txt" },
      { op: "create_folder", id: other, parent_id: folder, name: "a.txt" },
    ]);
    assert.deepEqual(
      outcome.results.map((result) => (result.status === "done" ? result.sequence : result.code)),
      [1, 2, "name_taken", 3, 4],
    );
    assert.deepEqual([outcome.before.sequence, outcome.after.sequence], [0, 4]);
    assert.deepEqual(
      outcome.changes.map((change) => [change.kind, change.path, change.entry.sequence]),
      [
        ["created", "/docs", 1],
        ["created", "/docs/b.txt", 3],
        ["created", "/docs/a.txt", 4],
      ],
    );
    assert.equal(outcome.changes[1]?.entry.chunks, content.chunks);
    assert.deepEqual(await ws.paths(), ["/docs", "/docs/a.txt", "/docs/b.txt"]);
  });

  test("[MD11] two entries change names in one batch", async () => {
    const ws = await create();
    const [a, b] = [await ws.makeFile("a"), await ws.makeFile("b")];
    const place = { parent_id: ws.root, base_parent_id: ws.root };
    const { results } = await ws.commit([
      { op: "move", id: a, ...place, name: "tmp", base_name: "a" },
      { op: "move", id: b, ...place, name: "a", base_name: "b" },
      { op: "move", id: a, ...place, name: "b", base_name: "tmp" },
    ]);
    assert.deepEqual(
      results.map((result) => result.status),
      ["done", "done", "done"],
    );
    assert.deepEqual([await ws.path(a), await ws.path(b)], ["/b", "/a"]);
  });

  test("[MD11] a name that a deletion gave up is free for the rest of the batch", async () => {
    const ws = await create();
    const [a, next] = [await ws.makeFile("a"), ws.newId()];
    const { results } = await ws.commit([
      { op: "delete", id: a },
      { op: "create_folder", id: next, parent_id: ws.root, name: "a" },
    ]);
    assert.deepEqual(
      results.map((result) => result.status),
      ["done", "done"],
    );
    assert.equal((await ws.state(next)).type, "folder");
  });

  test("[MD12] a repeated key gives the first answer and changes nothing", async () => {
    const ws = await create();
    const idempotency = { key: "key", requestHash: "request" };
    const operation = { op: "create_folder", id: ws.newId(), parent_id: ws.root, name: "a" } as const;
    const first = await ws.commit([operation], { idempotency });
    const again = await ws.commit([operation], { idempotency });
    assert.deepEqual(again, { ...first, changes: [] });
    assert.equal((await ws.head()).sequence, 1);
  });

  test("[MD12] a key with another request is refused, and forgotten after a day", async () => {
    const ws = await create();
    const operation = () => ({ op: "create_folder", id: ws.newId(), parent_id: ws.root, name: ws.newId() }) as const;
    await ws.commit([operation()], { idempotency: { key: "key", requestHash: "one" } });
    const other = { key: "key", requestHash: "two" };
    await assert.rejects(ws.commit([operation()], { idempotency: other }), { code: "key_reused" });
    const nowMs = ws.nowMs + 24 * 3600 * 1000 + 1;
    const { results } = await ws.commit([operation()], { idempotency: other, nowMs });
    assert.equal(results[0]?.status, "done");
  });

  test("[MD13] nothing is made in, or moved to, a folder that is gone or is none", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("gone");
    const inner = await ws.makeFolder("inner", folder);
    const file = await ws.makeFile("file");
    await ws.remove(folder);
    for (const parent of [folder, inner, file, ws.newId()]) {
      const made = await ws.failed({ op: "create_folder", id: ws.newId(), parent_id: parent, name: "x" });
      const moved = await ws.failed({
        op: "move",
        id: file,
        parent_id: parent,
        name: "x",
        base_parent_id: ws.root,
        base_name: "file",
      });
      assert.deepEqual([made.code, moved.code], ["not_found", "not_found"]);
    }
  });

  test("[MD13] entries of other workspaces are unknown", async () => {
    const [ws, stranger] = [await create(), await create()];
    const [file, secret] = [await ws.makeFile("file"), await stranger.makeFile("secret")];
    const content = await ws.content(["x"]);
    const place = { parent_id: ws.root, base_parent_id: ws.root };
    const codes = [
      await ws.failed({ op: "delete", id: secret }),
      await ws.failed({ op: "create_file", id: stranger.newId(), parent_id: ws.root, name: "x", content }),
      await ws.failed({ op: "create_folder", id: ws.newId(), parent_id: stranger.root, name: "x" }),
      await ws.failed({ op: "move", id: file, ...place, name: "y", base_name: "file", conflict_of: secret }),
    ].map((result) => result.code);
    assert.deepEqual(codes, ["not_found", "not_found", "not_found", "not_found"]);
  });

  test("[MD14] names are bytes: case and normal forms differ", async () => {
    const ws = await create();
    for (const name of ["a", "A", "\u00e9", "e\u0301"]) await ws.makeFile(name);
    const taken = await ws.failed({ op: "create_folder", id: ws.newId(), parent_id: ws.root, name: "\u00e9" });
    assert.deepEqual([taken.code, taken.current?.name], ["name_taken", "\u00e9"]);
    const { entries } = await ws.store.tree.listFolder({ folderId: ws.root, after: undefined, limit: 10 });
    assert.deepEqual(
      entries.map((entry) => entry.name),
      ["A", "a", "e\u0301", "\u00e9"],
    );
  });

  test("[MD29] nothing gets the name of the devices' own folder in the root, in whatever case", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("folder");
    const inner = await ws.makeFolder(".satchel", folder);
    const made = await ws.failed({ op: "create_folder", id: ws.newId(), parent_id: ws.root, name: ".Satchel" });
    const place = { base_parent_id: folder, base_name: ".satchel", parent_id: ws.root } as const;
    const moved = await ws.failed({ op: "move", id: inner, ...place, name: ".satchel" });
    assert.deepEqual([made.code, moved.code], ["bad_request", "bad_request"]);
    await ws.done({ op: "move", id: inner, ...place, name: "satchel" });
  });

  test("[MD15] an edit of an old version is refused with the present state", async () => {
    const ws = await create();
    const file = await ws.makeFile("a");
    const old = (await ws.state(file)).version_id;
    await ws.edit(file, ["two"]);
    assert.ok(old);
    const content = await ws.content(["three"]);
    const failed = await ws.failed({ op: "edit_file", id: file, base_version_id: old, content });
    assert.equal(failed.code, "version_conflict");
    assert.deepEqual(failed.current, await ws.state(file));
  });

  test("[MD15] a move from where the entry no longer is is refused", async () => {
    const ws = await create();
    const [folder, file] = [await ws.makeFolder("folder"), await ws.makeFile("a")];
    const move = { op: "move", id: file, base_parent_id: ws.root, base_name: "a" } as const;
    await ws.done({ ...move, parent_id: folder, name: "a" });
    const failed = await ws.failed({ ...move, parent_id: ws.root, name: "b" });
    assert.deepEqual([failed.code, failed.current?.parent_id], ["place_conflict", folder]);
  });

  test("[MD16] a folder can't be moved into itself or below", async () => {
    const ws = await create();
    const outer = await ws.makeFolder("outer");
    const inner = await ws.makeFolder("inner", outer);
    for (const parent of [outer, inner]) {
      const move = {
        op: "move",
        id: outer,
        parent_id: parent,
        name: "x",
        base_parent_id: ws.root,
        base_name: "outer",
      } as const;
      assert.equal((await ws.failed(move)).code, "cycle");
    }
  });

  test("[MD16] of two moves that make a cycle, the first wins, in one batch too", async () => {
    const ws = await create();
    const [a, b] = [await ws.makeFolder("a"), await ws.makeFolder("b")];
    const place = { base_parent_id: ws.root };
    const { results } = await ws.commit([
      { op: "move", id: a, parent_id: b, name: "a", base_name: "a", ...place },
      { op: "move", id: b, parent_id: a, name: "b", base_name: "b", ...place },
    ]);
    assert.deepEqual(
      results.map((result) => (result.status === "done" ? "done" : result.code)),
      ["done", "cycle"],
    );
  });

  test("[MD20] what is so already is done, and changes nothing", async () => {
    const ws = await create();
    const id = await ws.makeFile("a");
    const { sequence, modified } = await ws.state(id);
    assert.ok(modified);
    const move = {
      op: "move",
      id,
      parent_id: ws.root,
      name: "a",
      base_parent_id: ws.root,
      base_name: "other",
    } as const;
    assert.equal((await ws.done(move)).sequence, sequence);
    assert.equal((await ws.done({ op: "touch", id, modified, executable: false })).sequence, sequence);
    const deleted = await ws.remove(id);
    assert.equal(deleted.sequence, sequence + 1);
    assert.deepEqual(await ws.remove(id), deleted);
    assert.equal((await ws.failed({ op: "delete", id: ws.newId() })).code, "not_found");
  });

  test("[MD21] touch makes a version of the same chunks, with another time and mode", async () => {
    const ws = await create();
    const id = await ws.makeFile("a", ws.root, ["x", "y", "x"]);
    const before = await ws.state(id);
    const modified = "2026-06-07T08:09:10.011Z";
    const { sequence, version_id } = await ws.done({ op: "touch", id, modified, executable: true });
    assert.notEqual(version_id, before.version_id);
    assert.deepEqual(await ws.state(id), { ...before, modified, executable: true, sequence, version_id });
  });

  test("[MD22] a move takes the mark of a conflicted copy away unless it sets it", async () => {
    const ws = await create();
    const [original, copy] = [await ws.makeFile("a"), await ws.makeFile("b")];
    const move = { op: "move", id: copy, parent_id: ws.root, base_parent_id: ws.root } as const;
    const list = async () =>
      (await ws.store.tree.listConflicts({ workspaceIds: [ws.workspaceId], after: undefined, limit: 5 })).conflicts;
    await ws.done({ ...move, name: "a (Conflicted copy)", base_name: "b", conflict_of: original });
    assert.deepEqual(
      (await list()).map(({ copy: { id }, originalId }) => [id, originalId]),
      [[copy, original]],
    );
    await ws.done({ ...move, name: "c", base_name: "a (Conflicted copy)" });
    assert.deepEqual(await list(), []);
  });

  test("[MD25] a conflicted copy keeps the version that both sides were made from, and is listed with it and with who made what", async () => {
    const ws = await create();
    const original = await ws.makeFile("a", ws.root, ["base"]);
    const base = (await ws.state(original)).version_id ?? assert.fail();
    await ws.edit(original, ["theirs"]);
    const copy = ws.newId();
    const [content, folder] = [await ws.content(["mine"]), ws.newId()];
    const mark = { conflict_of: original, conflict_base: base };
    await ws.done({ op: "create_file", id: copy, parent_id: ws.root, name: "a (Conflicted copy)", content, ...mark });
    const second = { parent_id: ws.root, name: "a (Conflicted copy 2)", conflict_of: original };
    await ws.done({ op: "create_folder", id: folder, ...second });
    const page = async (after?: string, limit = 5) =>
      await ws.store.tree.listConflicts({ workspaceIds: [ws.workspaceId], after, limit });
    const find = async (id: EntryId) => (await page()).conflicts.find((each) => each.copy.id === id) ?? assert.fail();
    const { path, original: there, mine, theirs, base: from } = await find(copy);
    assert.deepEqual([path, there?.path, from?.version], ["/a (Conflicted copy)", "/a", base]);
    assert.equal(mine?.version, (await ws.state(copy)).version_id);
    assert.equal(theirs?.version, (await ws.state(original)).version_id);
    assert.equal(theirs?.author, `user-${ws.workspaceId}`);
    const bare = await find(folder);
    assert.deepEqual([bare.mine, bare.base, bare.copy.type], [undefined, undefined, "folder"]);
    // Page by page, each once.
    const first = await page(undefined, 1);
    const rest = await page(first.next ?? assert.fail(), 1);
    assert.deepEqual(
      [...first.conflicts, ...rest.conflicts].map(({ copy: { id } }) => id),
      [copy, folder].toSorted(),
    );
    assert.equal(rest.next, null);
    // An ordinary name makes an ordinary file of it; moved back with its mark, it is what it was.
    const move = { op: "move", id: copy, parent_id: ws.root, base_parent_id: ws.root } as const;
    await ws.done({ ...move, name: "b", base_name: "a (Conflicted copy)" });
    assert.deepEqual(
      (await page()).conflicts.map(({ copy: { id } }) => id),
      [folder],
    );
    await ws.done({ ...move, name: "a (Conflicted copy)", base_name: "b", ...mark });
    assert.equal((await find(copy)).base?.version, base);
  });

  test("[MD23] the root folder can't be changed", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("folder");
    const root: EntryId = rootEntryId(ws.workspaceId);
    const codes = [
      await ws.failed({ op: "delete", id: root }),
      await ws.failed({ op: "move", id: root, parent_id: folder, name: "x", base_parent_id: folder, base_name: "" }),
      await ws.failed({ op: "create_folder", id: root, parent_id: folder, name: "x" }),
    ].map((result) => result.code);
    assert.deepEqual(codes, ["forbidden", "forbidden", "forbidden"]);
  });
}

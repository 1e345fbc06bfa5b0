import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountId, DeviceId, EntryId, VersionId } from "@satchel/protocol";
import type { RestoreCommand, RestoreOutcome } from "../history-store.ts";
import type { MetadataStore } from "../metadata-store.ts";
import { livingPaths, WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of old versions, the trash and restoring. */
export function historyContract(getStore: () => MetadataStore): void {
  const create = () => WorkspaceFixture.create(getStore());

  async function restore(
    ws: WorkspaceFixture,
    id: EntryId,
    more: Partial<RestoreCommand> = {},
  ): Promise<RestoreOutcome> {
    ws.nowMs += 1000;
    const author = { accountId: ws.accountId, deviceId: null };
    return await ws.store.history.restore({
      id,
      author,
      versionId: undefined,
      atMs: undefined,
      idempotency: undefined,
      nowMs: ws.nowMs,
      ...more,
    });
  }

  async function assertSound(ws: WorkspaceFixture): Promise<void> {
    assert.deepEqual((await ws.store.maintenance.check(ws.workspaceId)).problems, []);
  }

  test("[MD46] activity tells who did what, newest first, of all, of one file, and of a folder at any depth", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("docs", ws.root);
    const inner = await ws.makeFolder("inner", folder);
    const deep = await ws.makeFile("deep.txt", inner, ["1"]);
    const beside = await ws.makeFile("beside.txt", ws.root, ["1"]);
    const place = { parent_id: inner, base_parent_id: inner };
    await ws.done({ op: "move", id: deep, ...place, name: "renamed.txt", base_name: "deep.txt" });
    await ws.remove(beside);
    const list = async (within: EntryId) =>
      (await ws.store.history.listActivity({ workspaceId: ws.workspaceId, within, after: undefined, limit: 50 }))
        .records;
    const told = (await list(ws.root)).map(({ kind, path, name_before: before }) => [kind, path, before]);
    assert.deepEqual(told, [
      ["deleted", "/beside.txt", null],
      ["moved", "/docs/inner/renamed.txt", "deep.txt"],
      ["created", "/beside.txt", null],
      ["created", "/docs/inner/renamed.txt", null],
      ["created", "/docs/inner", null],
      ["created", "/docs", null],
    ]);
    const kinds = async (within: EntryId) => (await list(within)).map(({ kind }) => kind);
    assert.deepEqual(await kinds(folder), ["moved", "created", "created", "created"]);
    assert.deepEqual(await kinds(beside), ["deleted", "created"]);
    const author = `user-${ws.workspaceId}`;
    assert.ok((await list(ws.root)).every((record) => record.author === author));
    const first = await ws.store.history.listActivity({
      workspaceId: ws.workspaceId,
      within: ws.root,
      after: undefined,
      limit: 4,
    });
    assert.equal(first.records.length, 4);
    const rest = { workspaceId: ws.workspaceId, within: ws.root, after: first.next ?? assert.fail(), limit: 4 };
    assert.equal((await ws.store.history.listActivity(rest)).records.length, 2);
    await assert.rejects(list(ws.newId()), { code: "not_found" });
  });

  test("[MD47] a preview of going back tells what would change, and changes nothing", async () => {
    const ws = await create();
    const kept = await ws.makeFile("kept", ws.root, ["1"]);
    const atMs = ws.nowMs;
    ws.nowMs += 1000;
    await ws.remove(kept);
    await ws.makeFile("new", ws.root, ["2"]);
    const before = await ws.paths();
    const head = await ws.store.tree.head(ws.workspaceId);
    ws.nowMs += 1000;
    const author = { accountId: ws.accountId, deviceId: null };
    const outcome = await ws.store.history.previewRestore({
      id: ws.root,
      author,
      versionId: undefined,
      atMs,
      nowMs: ws.nowMs,
    });
    const would = new Map(outcome.changes.map(({ kind, path }) => [path, kind]));
    assert.equal(would.size, 2);
    assert.deepEqual([would.get("/new"), would.get("/kept")], ["deleted", "restored"]);
    assert.deepEqual(await ws.paths(), before);
    assert.deepEqual(await ws.store.tree.head(ws.workspaceId), head);
    const done = await restore(ws, ws.root, { atMs });
    assert.equal(done.restored, outcome.restored);
    await assertSound(ws);
  });

  test("[MD40] versions come newest first, with who made them", async () => {
    const ws = await create();
    const deviceId = `device-${ws.workspaceId}` as DeviceId;
    const device = { id: deviceId, accountId: ws.accountId, name: "laptop", nowMs: 0 };
    await ws.store.identity.createDevice(device, { tokenHash: `token-${deviceId}`, deviceId, expiresAtMs: 1 });
    const id = await ws.makeFile("a", ws.root, ["1"]);
    const base = (await ws.state(id)).version_id ?? assert.fail();
    const content = await ws.content(["22"]);
    const author = { accountId: ws.accountId, deviceId };
    await ws.done({ op: "edit_file", id, base_version_id: base, content }, { author });
    await ws.remove(id);
    const first = await ws.store.history.listVersions({ id, after: undefined, limit: 1 });
    assert.ok(first.next);
    const second = await ws.store.history.listVersions({ id, after: first.next, limit: 1 });
    const told = [...first.versions, ...second.versions].map(({ size, author, device }) => [size, author, device]);
    const name = `user-${ws.workspaceId}`;
    assert.deepEqual(told, [
      [2, name, "laptop"],
      [1, name, null],
    ]);
    assert.equal(second.next, null);
    await assert.rejects(ws.store.history.listVersions({ id: ws.newId(), after: undefined, limit: 1 }), {
      code: "not_found",
    });
    await assert.rejects(ws.store.history.listVersions({ id, after: "x", limit: 1 }), { code: "bad_cursor" });
  });

  test("[MD24] a merge is a version with both parents, and what it was merged with is one too", async () => {
    const ws = await create();
    const id = await ws.makeFile("a", ws.root, ["base"]);
    const base = (await ws.state(id)).version_id ?? assert.fail();
    const theirs = await ws.edit(id, ["theirs"]);
    const before = await ws.head();
    const [content, mine] = [await ws.content(["both"]), await ws.content(["mine"])];
    const merge = { op: "merge_file", id, content, merged: { base_version_id: base, content: mine } } as const;
    assert.equal((await ws.failed({ ...merge, base_version_id: base })).code, "version_conflict");
    const done = await ws.done({ ...merge, base_version_id: theirs });
    const told = await ws.changes(before);
    assert.deepEqual(
      told.map(({ version_id: version, version_hash: hash }) => [version, hash]),
      [[done.version_id, content.version_hash]],
    );
    const { versions } = await ws.store.history.listVersions({ id, after: undefined, limit: 9 });
    const other = versions[1]?.version;
    assert.equal(done.merged_version_id, other);
    assert.deepEqual(
      versions.map(({ version, version_hash: hash, parents }) => [version, hash, parents]),
      [
        [done.version_id, content.version_hash, [theirs, other]],
        [other, mine.version_hash, [base]],
        [theirs, (await ws.content(["theirs"])).version_hash, [base]],
        [base, (await ws.content(["base"])).version_hash, []],
      ],
    );
    await restore(ws, id, { versionId: other ?? assert.fail() });
    assert.equal((await ws.state(id)).version_hash, mine.version_hash);
    await assertSound(ws);
  });

  test("[MD95] a version and its record name all who made it together, whoever of them is still there", async () => {
    const ws = await create();
    const id = await ws.makeFile("a", ws.root, ["alone"]);
    const { store, accountId, workspaceId, nowMs } = ws;
    const other = await WorkspaceFixture.create(store);
    const gone = "a_gone" as AccountId;
    const operation = {
      op: "edit_file",
      id,
      base_version_id: (await ws.state(id)).version_id ?? assert.fail(),
    } as const;
    const { results } = await store.tree.commit({
      workspaceId,
      author: { accountId, deviceId: null, alsoBy: [accountId, other.accountId, gone, other.accountId] },
      seenSequence: 0,
      operations: [{ ...operation, content: await ws.content(["together"]) }],
      idempotency: undefined,
      nowMs,
    });
    assert.equal(results[0]?.status, "done");
    const name = (await store.identity.findAccount(other.accountId))?.name;
    const { versions } = await store.history.listVersions({ id, after: undefined, limit: 9 });
    assert.deepEqual(
      versions.map(({ also_by: alsoBy }) => alsoBy),
      [[name], undefined],
    );
    const { records } = await store.history.listActivity({ workspaceId, within: ws.root, after: undefined, limit: 1 });
    assert.deepEqual(records[0]?.also_by, [name]);
  });

  test("[MD41] the trash has what was deleted itself, newest first", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("docs");
    const early = await ws.makeFile("early", folder, ["123"]);
    await ws.makeFile("inside", folder);
    await ws.remove(early);
    await ws.remove(folder);
    const list = (after: string | undefined) =>
      ws.store.history.listTrash({ workspaceId: ws.workspaceId, after, limit: 1, retentionMs: 1000 });
    const first = await list(undefined);
    assert.ok(first.next);
    const second = await list(first.next);
    assert.equal(second.next, null);
    const told = [...first.entries, ...second.entries].map(({ path, type, size, deleted_by }) => [
      path,
      type,
      size,
      deleted_by,
    ]);
    const name = `user-${ws.workspaceId}`;
    assert.deepEqual(told, [
      ["/docs", "folder", 0, name],
      ["/docs/early", "file", 3, name],
    ]);
    const [entry] = first.entries;
    assert.equal(Date.parse(entry?.expires ?? "") - Date.parse(entry?.deleted ?? ""), 1000);
    await assert.rejects(list("x"), { code: "bad_cursor" });
  });

  test("[MD42] [MD43] a folder comes back with what was in it, and the feed tells all of it again", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("docs");
    const inner = await ws.makeFolder("inner", folder);
    const [file, gone] = [await ws.makeFile("file", inner), await ws.makeFile("gone", folder)];
    await ws.remove(gone);
    await ws.remove(folder);
    const cursor = await ws.head();
    const outcome = await restore(ws, folder);
    assert.deepEqual([outcome.path, outcome.restored], ["/docs", 3]);
    const told = await ws.changes(cursor);
    assert.deepEqual(new Set(told.map((state) => state.id)), new Set([folder, inner, file]));
    assert.deepEqual(
      told,
      outcome.changes.map((change) => change.entry),
    );
    assert.deepEqual(
      outcome.changes.map((change) => change.kind),
      ["restored", "restored", "restored"],
    );
    assert.deepEqual(await ws.paths(), ["/docs", "/docs/inner", "/docs/inner/file"]);
    await assertSound(ws);
  });

  test("[MD42] what lies in a deleted folder comes back in it, with nothing else", async () => {
    const ws = await create();
    const outer = await ws.makeFolder("outer");
    const inner = await ws.makeFolder("inner", outer);
    const [file] = [
      await ws.makeFile("file", inner),
      await ws.makeFile("other", inner),
      await ws.makeFile("third", outer),
    ];
    await ws.remove(inner);
    await ws.remove(outer);
    const outcome = await restore(ws, file);
    assert.equal(outcome.path, "/outer/inner/file");
    assert.deepEqual(await ws.paths(), ["/outer", "/outer/inner", "/outer/inner/file"]);
    assert.deepEqual(livingPaths(await ws.changes({ sequence: 1, epoch: ws.epoch })), await ws.paths());
    await assertSound(ws);
  });

  test("[MD42] a name that was taken meanwhile gives another", async () => {
    const ws = await create();
    const paths: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const id = await ws.makeFile("a.txt");
      await ws.remove(id);
      await ws.makeFile("a.txt");
      paths.push((await restore(ws, id)).path);
      await ws.remove((await ws.store.tree.resolvePath(ws.workspaceId, ["a.txt"])) ?? assert.fail());
    }
    assert.deepEqual(paths, ["/a (Restored).txt", "/a (Restored 2).txt", "/a (Restored 3).txt"]);
  });

  test("[MD42] restoring what is alive changes nothing", async () => {
    const ws = await create();
    const id = await ws.makeFile("a");
    const outcome = await restore(ws, id);
    assert.deepEqual([outcome.before, outcome.changes, outcome.restored], [outcome.after, [], 0]);
    await assert.rejects(restore(ws, ws.newId()), { code: "not_found" });
  });

  test("[MD12] a restore with a repeated key gives the first answer and changes nothing", async () => {
    const ws = await create();
    const id = await ws.makeFile("a");
    await ws.remove(id);
    const idempotency = { key: "key", requestHash: "restore" };
    const first = await restore(ws, id, { idempotency });
    await ws.remove(id);
    assert.deepEqual(await restore(ws, id, { idempotency }), { ...first, changes: [] });
    assert.equal(await ws.path(id), undefined);
    await assert.rejects(restore(ws, id, { idempotency: { key: "key", requestHash: "other" } }), {
      code: "key_reused",
    });
  });

  test("[MD44] an old version becomes the newest one, of a deleted file too", async () => {
    const ws = await create();
    const id = await ws.makeFile("a", ws.root, ["one", "more"]);
    const old = await ws.state(id);
    await ws.edit(id, ["two"]);
    await ws.remove(id);
    await restore(ws, id, { versionId: old.version_id ?? assert.fail() });
    const now = await ws.state(id);
    assert.deepEqual([now.version_hash, now.size, now.chunks], [old.version_hash, old.size, old.chunks]);
    assert.notEqual(now.version_id, old.version_id);
    const { versions } = await ws.store.history.listVersions({ id, after: undefined, limit: 10 });
    assert.equal(versions.length, 3);
    await assert.rejects(restore(ws, id, { versionId: "v9.unknown" as VersionId }), { code: "not_found" });
    await assertSound(ws);
  });

  test("[MD45] a folder goes back to an instant: edits, moves, deletions and new entries are undone", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("docs");
    const sub = await ws.makeFolder("sub", folder);
    const edited = await ws.makeFile("edited", folder, ["before"]);
    const deleted = await ws.makeFile("deleted", sub);
    const movedAway = await ws.makeFile("moved", sub);
    const outside = await ws.makeFile("outside");
    const before = await ws.state(edited);
    const paths = await ws.paths();
    const atMs = ws.nowMs;

    await ws.edit(edited, ["after"]);
    await ws.remove(deleted);
    await ws.makeFile("deleted", sub, ["a new one of the name"]);
    const move = (id: EntryId, name: string, from: EntryId, to: EntryId, newName = name) =>
      ws.done({ op: "move", id, parent_id: to, name: newName, base_parent_id: from, base_name: name });
    await move(movedAway, "moved", sub, ws.root, "away");
    await move(outside, "outside", ws.root, folder);
    const fresh = await ws.makeFolder("fresh", folder);
    await move(sub, "sub", folder, fresh);
    await ws.remove(fresh);
    await ws.makeFile("untouched elsewhere");

    const outcome = await restore(ws, folder, { atMs });
    assert.deepEqual(await ws.paths(), [...paths, "/untouched elsewhere"].toSorted());
    const now = await ws.state(edited);
    assert.deepEqual([now.version_hash, now.chunks], [before.version_hash, before.chunks]);
    assert.deepEqual([await ws.path(movedAway), await ws.path(deleted)], ["/docs/sub/moved", "/docs/sub/deleted"]);
    assert.ok(outcome.restored >= 5);
    await assertSound(ws);
  });

  test("[MD45] a deleted folder comes back as it was at an instant", async () => {
    const ws = await create();
    const folder = await ws.makeFolder("docs");
    await ws.makeFile("a", folder);
    const atMs = ws.nowMs;
    const b = await ws.makeFile("b", folder);
    await ws.remove(folder);
    await restore(ws, folder, { atMs });
    assert.deepEqual(await ws.paths(), ["/docs", "/docs/a"]);
    assert.equal(await ws.path(b), undefined);
    await assert.rejects(restore(ws, folder, { atMs: atMs - 1_000_000 }), { code: "not_found" });
    await assertSound(ws);
  });

  test("[MD45] a folder that moved into what was in it stays where it is", async () => {
    const ws = await create();
    const outer = await ws.makeFolder("outer");
    const inner = await ws.makeFolder("inner", outer);
    const atMs = ws.nowMs;
    await ws.done({
      op: "move",
      id: inner,
      parent_id: ws.root,
      name: "inner",
      base_parent_id: outer,
      base_name: "inner",
    });
    await ws.done({
      op: "move",
      id: outer,
      parent_id: inner,
      name: "outer",
      base_parent_id: ws.root,
      base_name: "outer",
    });
    await restore(ws, outer, { atMs });
    assert.deepEqual(await ws.paths(), ["/inner", "/inner/outer"]);
    await assertSound(ws);
  });

  test("[MD45] a file goes back to its version of then", async () => {
    const ws = await create();
    const id = await ws.makeFile("a", ws.root, ["one"]);
    const atMs = ws.nowMs;
    const old = await ws.state(id);
    await ws.edit(id, ["two"]);
    await ws.edit(id, ["three"]);
    await restore(ws, id, { atMs });
    assert.equal((await ws.state(id)).version_hash, old.version_hash);
  });
}

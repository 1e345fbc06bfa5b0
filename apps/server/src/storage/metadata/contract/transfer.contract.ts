import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { idPartBytes, makeWorkspaceId, rootEntryId, type EntryId } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of what goes from one workspace into another. */
export function transferContract(getStore: () => MetadataStore): void {
  const share = async (ws: WorkspaceFixture, folderId: EntryId) => {
    const author = { accountId: ws.accountId, deviceId: null };
    const workspaceId = makeWorkspaceId(randomBytes(idPartBytes));
    return (await getStore().shares.create({ folderId, workspaceId, author, nowMs: ws.nowMs })).workspaceId;
  };
  const move = (ws: WorkspaceFixture, id: EntryId, parentId: EntryId, name: string, key?: string) =>
    getStore().tree.transfer({
      id,
      parentId,
      name,
      author: { accountId: ws.accountId, deviceId: null },
      idempotency: key === undefined ? undefined : { key, requestHash: `${id} ${name}` },
      nowMs: (ws.nowMs += 1000),
    });
  const versionsOf = async (id: EntryId) =>
    (await getStore().history.listVersions({ id, after: undefined, limit: 10 })).versions;
  const checkAll = async (...ids: EntryId[]) => {
    for (const id of ids) {
      const workspaceId = id.slice(0, 16) as Parameters<MetadataStore["maintenance"]["check"]>[0];
      assert.deepEqual((await getStore().maintenance.check(workspaceId)).problems, []);
    }
  };

  test("[SH15] what is moved over a border has its versions, authors and times there, and is in the trash where it was", async () => {
    const ws = await WorkspaceFixture.create(getStore());
    const shared = rootEntryId(await share(ws, await ws.makeFolder("plans")));
    const folder = await ws.makeFolder("folder");
    const sub = await ws.makeFolder("sub", folder);
    const file = await ws.makeFile("a.txt", sub, ["one"]);
    await ws.edit(file, ["two", "three"]);
    const before = await versionsOf(file);
    const moved = await move(ws, folder, shared, "brought", "key");
    assert.equal(moved.path, "/brought");
    assert.deepEqual(
      moved.brought?.changes.map(({ kind, path }) => `${kind} ${path}`),
      ["created /brought", "created /brought/sub", "created /brought/sub/a.txt"],
    );
    assert.deepEqual(
      moved.removed?.changes.map(({ kind, entry }) => [kind, entry.id]),
      [["deleted", folder]],
    );
    const arrived = moved.brought?.changes[2]?.entry;
    assert.ok(arrived);
    const after = await versionsOf(arrived.id);
    assert.equal(after[0]?.version, arrived.version_id);
    const facts = (versions: typeof before) =>
      versions.map(({ version_hash, created, author_id, size }) => ({ version_hash, created, author_id, size }));
    assert.deepEqual(facts(after), facts(before));
    assert.deepEqual(after[0]?.parents, [after[1]?.version]);
    // The content is held there: it can be asked for, and committed again.
    const [chunks] = await getStore().tree.manifests(
      shared.slice(0, 16) as Parameters<MetadataStore["tree"]["manifests"]>[0],
      [{ id: arrived.id, versionId: after[0]?.version ?? ("" as never) }],
    );
    assert.ok(chunks && chunks.length > 0);
    assert.equal(await getStore().tree.findEntry(folder), undefined);
    const again = await move(ws, folder, shared, "brought", "key");
    assert.deepEqual([again.id, again.brought], [moved.id, undefined]);
    await checkAll(ws.root, shared);

    // And back: what was removed comes out of the trash as it was.
    await getStore().history.restore({
      id: folder,
      author: { accountId: ws.accountId, deviceId: null },
      versionId: undefined,
      atMs: undefined,
      idempotency: undefined,
      nowMs: ws.nowMs,
    });
    assert.deepEqual(await versionsOf(file), before);
    await checkAll(ws.root, shared);
  });

  test("[SH15] a move over a border that can't be is refused, and nothing changes", async () => {
    const ws = await WorkspaceFixture.create(getStore());
    const plans = await ws.makeFolder("plans");
    const shared = rootEntryId(await share(ws, plans));
    const [file, other] = [await ws.makeFile("a.txt"), await ws.makeFile("b.txt")];
    await move(ws, other, shared, "taken");
    const outer = await ws.makeFolder("outer");
    const inner = await ws.makeFolder("inner", outer);
    await share(ws, inner);
    const heads = async () => [await ws.head(), await getStore().tree.head(shared.slice(0, 16) as never)];
    const start = await heads();
    const refused = (id: EntryId, to: EntryId, name: string, code: string) =>
      assert.rejects(move(ws, id, to, name), { code }, `${name} ${code}`);
    await refused(file, shared, "taken", "name_taken");
    await refused(file, ws.root, "a.txt", "bad_request");
    await refused(ws.root, shared, "all", "bad_request");
    await refused(plans, shared, "itself", "share_nested");
    await refused(outer, shared, "outer", "share_nested");
    await refused(other, shared, "gone", "not_found");
    await refused(file, plans, "at-a-mount", "bad_request");
    assert.deepEqual(await heads(), start);
  });

  test("[SH15] what comes in needs room where it comes to", async () => {
    const owner = await WorkspaceFixture.create(getStore(), 100);
    const shared = rootEntryId(await share(owner, await owner.makeFolder("plans")));
    const ws = await WorkspaceFixture.create(getStore());
    const file = await ws.makeFile("large.txt", ws.root, ["x".repeat(90)]);
    await ws.edit(file, ["y".repeat(90)]);
    await assert.rejects(move(ws, file, shared, "large.txt"), { code: "quota_exceeded" });
    await checkAll(ws.root, shared);
    const small = await ws.makeFile("small.txt", ws.root, ["z".repeat(50)]);
    assert.equal((await move(ws, small, shared, "small.txt")).path, "/small.txt");
    await checkAll(ws.root, shared);
  });
}

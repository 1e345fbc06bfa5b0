import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActivityRecord, ConflictedCopy, RestorePreview, Share } from "@satchel/protocol";
import { contentOf, startTestServer } from "../../test-server.fixture.ts";

const text = (content: string): Buffer => Buffer.from(content);

test("[AP36] what was deleted is in the trash and can be restored", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id } = await ann.putFile("a.txt", "keep me");
  await ann.commit([{ op: "delete", id }]);
  assert.equal((await ann.get(`/v1/files/metadata?file_id=${id}`)).status, 404);
  const trash = (await ann.get<{ entries: { file_id: string; path: string }[] }>("/v1/files/trash")).body;
  assert.deepEqual(
    trash.entries.map(({ file_id, path }) => [file_id, path]),
    [[id, "/a.txt"]],
  );
  const listening = await ann.listen(t);
  const restored = await ann.post<{ path: string; restored: number }>("/v1/files/restore", { file_id: id });
  assert.deepEqual([restored.body.path, restored.body.restored], ["/a.txt", 1]);
  assert.equal((await listening.next<{ file_path: string }>()).file_path, "/a.txt");
  assert.equal(Buffer.from((await ann.get(`/v1/files/content?file_id=${id}`)).bytes).toString(), "keep me");
});

test("[AP36] conflicted copies are listed with their originals", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id: original } = await ann.putFile("a.txt", "mine");
  const bytes = text("theirs");
  const copy = ann.newId();
  await ann.commit(
    [
      {
        op: "create_file",
        id: copy,
        parent_id: ann.root,
        name: "a (Conflicted copy).txt",
        content: contentOf([bytes]),
        conflict_of: original,
      },
    ],
    [bytes],
  );
  const { body } = await ann.get<{ conflicts: { file_id: string; path: string; original_path: string }[] }>(
    "/v1/files/conflicts",
  );
  assert.deepEqual(
    body.conflicts.map(({ file_id, path, original_path }) => [file_id, path, original_path]),
    [[copy, "/a (Conflicted copy).txt", "/a.txt"]],
  );
});

test("[AP65] conflicts in shared folders are listed for every member, where they have the folder, and nobody else", async (t) => {
  const server = await startTestServer(t);
  const [ann, vic, sam] = [await server.signUp("ann"), await server.signUp("vic"), await server.signUp("sam")];
  const folderId = ann.newId();
  await ann.commit([{ op: "create_folder", id: folderId, parent_id: ann.root, name: "plans" }]);
  const { id: original, versionId } = await ann.putFile("a.txt", "base");
  const place = { parent_id: folderId, name: "a.txt", base_parent_id: ann.root, base_name: "a.txt" };
  await ann.commit([{ op: "move", id: original, ...place }]);
  const [theirs, mine, copy] = [text("theirs"), text("mine"), ann.newId()];
  await ann.commit(
    [{ op: "edit_file", id: original, base_version_id: versionId, content: contentOf([theirs]) }],
    [theirs],
  );
  const mark = { conflict_of: original, conflict_base: versionId };
  const name = "a (Conflicted copy).txt";
  await ann.commit(
    [{ op: "create_file", id: copy, parent_id: folderId, name, content: contentOf([mine]), ...mark }],
    [mine],
  );
  const { workspace_id: workspaceId } = (await ann.post<Share>("/v1/shares", { folder_id: folderId })).body;
  await ann.post(`/v1/shares/${workspaceId}/invitations`, { who: "vic", role: "viewer" });
  await vic.post(`/v1/shares/${workspaceId}/accept`, { name: "of ann" });
  const list = async (device: typeof ann) =>
    (await device.get<{ conflicts: ConflictedCopy[] }>("/v1/files/conflicts")).body.conflicts;
  const [own] = await list(ann);
  assert.deepEqual([own?.path, own?.original_path], [`/plans/${name}`, "/plans/a.txt"]);
  assert.deepEqual([own?.base?.version, own?.mine?.author, own?.may_resolve], [versionId, "ann", true]);
  assert.notEqual(own?.theirs?.version, versionId);
  const [seen] = await list(vic);
  assert.deepEqual([seen?.path, seen?.file_id, seen?.may_resolve], [`/of ann/${name}`, own?.file_id, false]);
  assert.deepEqual(await list(sam), []);
});

test("[AP37] a repeated restore happens once", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id, versionId } = await ann.putFile("a.txt", "old");
  const fresh = [text("new")];
  await ann.commit([{ op: "edit_file", id, base_version_id: versionId, content: contentOf(fresh) }], fresh);
  const key = { "idempotency-key": "restore-1" };
  const first = await ann.post<{ path: string; cursor: string }>(
    "/v1/files/restore",
    { file_id: id, version_id: versionId },
    key,
  );
  const again = await ann.post<{ path: string; cursor: string }>(
    "/v1/files/restore",
    { file_id: id, version_id: versionId },
    key,
  );
  assert.deepEqual([again.body.path, again.body.cursor], [first.body.path, first.body.cursor]);
  assert.equal(await ann.cursor(), first.body.cursor);
});

test("[AP59] activity tells who did what on which device, and a preview what going back would change", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id } = await ann.putFile("a.txt", "one");
  const list = async (of: string) =>
    (await ann.get<{ records: ActivityRecord[] }>(`/v1/files/activity?file_id=${of}`)).body;
  const [record] = (await list(id)).records;
  assert.deepEqual([record?.kind, record?.path, record?.author, record?.device], ["created", "/a.txt", "ann", "test"]);
  const at = new Date(server.nowMs()).toISOString();
  server.moveClock(5000);
  await ann.putFile("b.txt", "two");
  assert.equal((await list("root")).records.length, 2);
  const { body } = await ann.post<RestorePreview>("/v1/files/restore_preview", { file_id: ann.root, at });
  assert.deepEqual(
    body.changes.map(({ kind, path }) => [kind, path]),
    [["deleted", "/b.txt"]],
  );
  assert.equal((await list("root")).records.length, 2);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActivityRecord, RestorePreview } from "@satchel/protocol";
import { contentOf, startTestServer } from "./test-server.fixture.ts";

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

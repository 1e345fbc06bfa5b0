import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { idPartBytes, makeWorkspaceId, type AccountId, type EntryId } from "@satchel/protocol";
import type { NewComment } from "../comment-store.ts";
import type { MetadataStore } from "../metadata-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of what is said about files. */
export function commentsContract(getStore: () => MetadataStore): void {
  async function create() {
    const ws = await WorkspaceFixture.create(getStore());
    const folder = await ws.makeFolder("folder");
    const fileId = await ws.makeFile("a.txt", folder, ["words"]);
    const { comments } = getStore();
    const say = (id: string, more: Partial<NewComment> = {}, maxOfFile = 10) =>
      comments.add(
        {
          fileId,
          id,
          threadId: id,
          accountId: ws.accountId,
          sealedText: `text ${id}`,
          sealedPassage: null,
          atMs: 1,
          ...more,
        },
        maxOfFile,
      );
    const told = async (of: EntryId = fileId) =>
      (await comments.list(of)).map(({ id, sealedText }) => [id, sealedText]);
    return { ws, folder, fileId, comments, say, told };
  }

  test("[CM1] comments are listed in their order, threads with their passages, and each once however often it is sent", async () => {
    const { ws, comments, fileId, say, told } = await create();
    assert.equal(await say("b", { sealedPassage: "there", atMs: 1 }), true);
    assert.equal(await say("b", { sealedPassage: "elsewhere", atMs: 9 }), false);
    assert.equal(await say("a", { threadId: "b", atMs: 0 }), true);
    assert.equal(await say("c", { atMs: 3 }), true);
    assert.deepEqual(await told(), [
      ["b", "text b"],
      ["a", "text a"],
      ["c", "text c"],
    ]);
    const [first, answer] = await comments.list(fileId);
    assert.deepEqual(first, {
      id: "b",
      threadId: "b",
      accountId: ws.accountId,
      author: `user-${ws.workspaceId}`,
      sealedText: "text b",
      sealedPassage: "there",
      isResolved: false,
      resolvedBy: null,
      atMs: 1,
    });
    assert.equal(answer?.threadId, "b");
    await comments.putPassages(fileId, [
      { threadId: "b", sealedPassage: "moved" },
      { threadId: "a", sealedPassage: "no thread" },
    ]);
    assert.deepEqual(
      (await comments.list(fileId)).map(({ sealedPassage }) => sealedPassage),
      ["moved", null, null],
    );
  });

  test("[CM1] a comment has a file, a thread and an author who are there, an id of its own, and room", async () => {
    const { ws, folder, say } = await create();
    const other = await WorkspaceFixture.create(getStore());
    await say("a");
    for (const wrong of [
      { fileId: ws.newId() },
      { fileId: folder },
      { threadId: "none" },
      { accountId: "nobody" as AccountId },
    ])
      await assert.rejects(say("x", wrong), { code: "not_found" }, JSON.stringify(wrong));
    await assert.rejects(say("a", { accountId: other.accountId }), { code: "id_taken" });
    await say("b", { threadId: "a" });
    await assert.rejects(say("x", { threadId: "b" }), { code: "not_found" });
    await assert.rejects(say("c", {}, 2), { code: "limit_exceeded" });
    assert.equal(await say("c", {}, 3), true);
  });

  test("[CM3] a thread is resolved by somebody, and open again", async () => {
    const { ws, comments, fileId, say } = await create();
    await say("a");
    await say("b", { threadId: "a" });
    const resolve = (id: string, by: AccountId | null) => comments.setResolved({ fileId, id }, { by, nowMs: 5 });
    assert.equal(await resolve("a", ws.accountId), true);
    assert.equal(await resolve("a", ws.accountId), false);
    const [first] = await comments.list(fileId);
    assert.deepEqual([first?.isResolved, first?.resolvedBy], [true, `user-${ws.workspaceId}`]);
    assert.equal(await resolve("a", null), true);
    assert.equal((await comments.list(fileId))[0]?.isResolved, false);
    for (const id of ["b", "none"]) await assert.rejects(resolve(id, ws.accountId), { code: "not_found" });
  });

  test("[CM4] what is taken back is gone; a thread stays while it has answers, and goes with the last", async () => {
    const { comments, fileId, say, told } = await create();
    await say("a");
    await say("b", { threadId: "a", atMs: 2 });
    await say("c", { threadId: "a", atMs: 3 });
    const remove = (id: string) => comments.remove({ fileId, id });
    assert.equal(await remove("b"), true);
    assert.equal(await remove("a"), true);
    assert.equal(await remove("a"), false);
    assert.deepEqual(await told(), [
      ["a", null],
      ["c", "text c"],
    ]);
    assert.equal(await remove("c"), true);
    assert.deepEqual(await told(), []);
    assert.equal(await remove("c"), false);
  });

  test("[CM7] comments go along when their folder is shared, and away when their file is gone for good", async () => {
    const { ws, folder, fileId, comments, say, told } = await create();
    const stays = await ws.makeFile("b.txt", ws.root, ["other"]);
    await say("a");
    await say("b", { fileId: stays });
    const { workspaceId } = await getStore().shares.create({
      folderId: folder,
      workspaceId: makeWorkspaceId(randomBytes(idPartBytes)),
      author: { accountId: ws.accountId, deviceId: null },
      nowMs: 7,
    });
    assert.deepEqual(await told(), []);
    const moved = `${workspaceId}${fileId.slice(16)}` as EntryId;
    assert.deepEqual(await told(moved), [["a", "text a"]]);
    assert.deepEqual(await told(stays), [["b", "text b"]]);
    await ws.remove(stays);
    const later = ws.nowMs + 1000;
    await getStore().maintenance.prune({ workspaceId: ws.workspaceId, beforeMs: later, limit: 1000 });
    assert.deepEqual(await told(stays), []);
    assert.equal((await comments.list(moved)).length, 1);
  });

  test("[CM8] what an account said is listed for it, and says nothing any more once the account is erased", async () => {
    const { fileId, comments, say } = await create();
    const { accountId } = await WorkspaceFixture.create(getStore());
    await say("a");
    await say("b", { accountId, threadId: "a", atMs: 2 });
    await say("c", { accountId, atMs: 3 });
    await comments.setResolved({ fileId, id: "a" }, { by: accountId, nowMs: 5 });
    const page = async (after?: string) =>
      (await comments.listOf({ accountId, after, limit: 1 })).map(({ id, sealedText }) => [id, sealedText]);
    assert.deepEqual([await page(), await page("b")], [[["b", "text b"]], [["c", "text c"]]]);
    while (!(await getStore().privacy.eraseStep(accountId, 100)));
    assert.deepEqual(await page(), []);
    const left = (await comments.list(fileId)).map(({ id, accountId: by, sealedText }) => [
      id,
      by === null,
      sealedText,
    ]);
    assert.deepEqual(left, [
      ["a", false, "text a"],
      ["b", true, null],
      ["c", true, null],
    ]);
    assert.deepEqual((await comments.list(fileId))[0]?.resolvedBy, null);
    // A thread of which nothing is left to read, and which nobody can take back, makes room for others.
    assert.equal(await say("d", { atMs: 4 }, 3), true);
    assert.deepEqual(
      (await comments.list(fileId)).map(({ id }) => id),
      ["a", "b", "d"],
    );
    await assert.rejects(say("e", {}, 3), { code: "limit_exceeded" });
  });
}

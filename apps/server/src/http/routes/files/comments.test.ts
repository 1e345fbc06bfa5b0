import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import {
  describePassage,
  encodeIdPart,
  idPartBytes,
  maxCommentsOfFile,
  type CommentThread,
  type EntryId,
  type NoticesPage,
  type Passage,
  type Share,
} from "@satchel/protocol";
import { anchorOf } from "../../../features/comments/follow-passages.ts";
import { eventually, LiveClient } from "../sync/live-client.fixture.ts";
import { startTestServer, type TestDevice } from "../../test-server.fixture.ts";

const newId = () => encodeIdPart(randomBytes(idPartBytes));

async function threadsOf(device: TestDevice, fileId: EntryId): Promise<CommentThread[]> {
  const { status, body } = await device.get<{ threads: CommentThread[] }>(`/v1/comments?file_id=${fileId}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body.threads;
}

async function say(device: TestDevice, fileId: EntryId, text: string, more: object = {}): Promise<string> {
  const id = newId();
  const { status, body } = await device.post("/v1/comments", { file_id: fileId, id, text, ...more });
  assert.equal(status, 200, JSON.stringify(body));
  return id;
}

/** Ann's file in a folder that Eve may change and Vic may look at; Sam has nothing there. */
async function startShared(t: TestContext) {
  const server = await startTestServer(t, { tellsNotices: true });
  const ann = await server.signUp("ann");
  const people = { eve: await server.signUp("eve"), vic: await server.signUp("vic"), sam: await server.signUp("sam") };
  const folderId = ann.newId();
  await ann.commit([{ op: "create_folder", id: folderId, parent_id: ann.root, name: "shared" }]);
  const { body: share } = await ann.post<Share>("/v1/shares", { folder_id: folderId });
  const path = `/v1/shares/${share.workspace_id}`;
  for (const [who, role] of [
    ["eve", "editor"],
    ["vic", "viewer"],
  ] as const) {
    assert.equal((await ann.post(`${path}/invitations`, { who, role })).status, 200);
    assert.equal((await people[who].post(`${path}/accept`, {})).status, 200);
  }
  const { body: made } = await ann.post<{ file_id: EntryId }>("/v1/files/upload_request", {
    parent_folder_id: folderId,
    file_name: "plan.md",
    file_size: 0,
    chunk_hashes: [],
  });
  const fileId = made.file_id;
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  await ann.post("/v1/files/commit", { file_id: fileId, version_hash: empty, chunk_hashes: [] });
  return { server, ann, ...people, fileId, share };
}

test("[CM1] [CM2] [CM3] [CM4] whoever may look may comment and answer; who may change the file resolves, and each takes back their own", async (t) => {
  const { ann, eve, vic, sam, fileId } = await startShared(t);
  const passage: Passage = { quote: "words", before: "", after: "", anchor: null };
  const id = await say(vic, fileId, " What does this mean? ", { passage });
  await ann.post("/v1/comments", { file_id: fileId, id, text: "not mine" });
  await say(eve, fileId, "Nothing.", { thread_id: id });
  const [thread] = await threadsOf(ann, fileId);
  assert.deepEqual(
    [thread?.passage, thread?.comments.map(({ author, text }) => [author, text].join(": "))],
    [passage, ["vic: What does this mean?", "eve: Nothing."]],
  );
  for (const refused of [
    await sam.get(`/v1/comments?file_id=${fileId}`),
    await sam.post("/v1/comments", { file_id: fileId, id: newId(), text: "x" }),
    await sam.post("/v1/comments/resolve", { file_id: fileId, thread_id: id, resolved: true }),
    await sam.post("/v1/comments/delete", { file_id: fileId, id }),
    await vic.post("/v1/comments/resolve", { file_id: fileId, thread_id: newId(), resolved: true }),
    await vic.post("/v1/comments", { file_id: fileId, id: newId(), text: "x", thread_id: newId() }),
    await ann.get(`/v1/comments?file_id=${ann.root}`),
  ])
    assert.deepEqual([refused.status, refused.body.code], [404, "not_found"]);

  const other = await say(eve, fileId, "About all of it");
  const resolve = (who: TestDevice, threadId: string, resolved: boolean) =>
    who.post("/v1/comments/resolve", { file_id: fileId, thread_id: threadId, resolved });
  assert.equal((await resolve(vic, other, true)).status, 403);
  assert.equal((await resolve(vic, id, true)).status, 200);
  assert.equal((await resolve(eve, id, false)).status, 200);
  assert.equal((await resolve(eve, id, true)).status, 200);
  const remove = (who: TestDevice, of: string) => who.post("/v1/comments/delete", { file_id: fileId, id: of });
  assert.equal((await remove(eve, id)).status, 403);
  assert.equal((await remove(vic, other)).status, 403);
  assert.equal((await remove(vic, id)).status, 200);
  const [first, second] = await threadsOf(vic, fileId);
  assert.deepEqual(
    [first?.resolved, first?.resolved_by, first?.comments.map(({ text }) => text)],
    [true, "eve", [null, "Nothing."]],
  );
  assert.equal(second?.passage, null);
  // The owner takes back anybody's, which both find in their records.
  assert.equal((await remove(ann, other)).status, 200);
  assert.equal((await remove(ann, other)).status, 200, "whose answer was lost asks again");
  for (const device of [ann, eve]) {
    const { body } = await device.get<{ records: { action: string; detail: object }[] }>("/v1/audit");
    const records = body.records.filter(({ action }) => action === "comment_removed");
    assert.deepEqual(
      records.map(({ detail }) => detail),
      [{ workspace: fileId.slice(0, 16), entry: fileId }],
    );
  }
  assert.equal((await threadsOf(ann, fileId)).length, 1);
});

test("[CM2] a program that may only read says nothing", async (t) => {
  const { server, ann, fileId } = await startShared(t);
  const { accountId, ...principal } = await server.core.authenticator.authenticate(ann.authorization.authorization);
  const program = server.core.authorisation.requireRight(
    { ...principal, accountId, scopes: new Set(["files.read"]) },
    "files.read",
  );
  assert.deepEqual(await server.core.comments.list(program, fileId), []);
  const request = { file_id: fileId, id: newId(), text: "x" };
  await assert.rejects(server.core.comments.add(program, request), { code: "forbidden" });
});

test("[CM1] a file has room for so many comments, and what is no comment is refused", async (t) => {
  const { server, ann, fileId } = await startShared(t);
  const { accountId } = await server.core.authenticator.authenticate(ann.authorization.authorization);
  for (let count = 0; count < maxCommentsOfFile; count += 1) {
    const id = newId();
    const comment = { fileId, id, threadId: id, accountId, sealedText: "", sealedPassage: null, atMs: count };
    await server.metadata.comments.add(comment, maxCommentsOfFile);
  }
  const post = (more: object) => ann.post("/v1/comments", { file_id: fileId, id: newId(), text: "x", ...more });
  const full = await post({});
  assert.deepEqual([full.status, full.body.code], [422, "limit_exceeded"]);
  for (const wrong of [{ text: " " }, { text: "x".repeat(2001) }, { id: "no id" }, { passage: { quote: "" } }])
    assert.equal((await post(wrong)).status, 400, JSON.stringify(wrong));
});

test("[CM6] [NO10] whom a comment mentions is told, and who takes part in the thread, but nobody who may not see the file", async (t) => {
  const { server, ann, eve, vic, sam, fileId } = await startShared(t);
  const id = await say(vic, fileId, "@eve @sam @nobody look");
  await say(ann, fileId, "I do.", { thread_id: id });
  await say(eve, fileId, "@vic so do I", { thread_id: id });
  await server.core.notices.settled();
  const told = async (device: TestDevice) => {
    const { body } = await device.get<NoticesPage>("/v1/notices");
    const about = body.notices.filter(({ kind }) => kind.startsWith("comment_"));
    return about.map(({ kind, detail }) => [kind, detail["by"], detail["name"]].join(" ")).toSorted();
  };
  assert.deepEqual(await told(eve), ["comment_mention vic plan.md"]);
  assert.deepEqual(await told(vic), ["comment_mention eve plan.md", "comment_reply ann plan.md"]);
  assert.deepEqual(await told(ann), ["comment_reply eve plan.md"]);
  assert.deepEqual(await told(sam), []);
});

test("[CM9] those who follow the folder hear at once that a file's comments changed", async (t) => {
  const { ann, vic, sam, fileId, share } = await startShared(t);
  const query = `?mode=changes&workspace_id=${share.workspace_id}`;
  const listening = await vic.listen(t, query);
  await listening.next();
  await assert.rejects(sam.listen(t, query), /404/);
  await say(ann, fileId, "news");
  assert.deepEqual(await listening.next(), {
    event: "comments_changed",
    workspace_id: share.workspace_id,
    file_id: fileId,
  });
});

test("[CM5] a comment stays with its words while they are edited live, and when the session is another one", async (t) => {
  const { server, ann, fileId } = await startShared(t);
  const live = new LiveClient(t, ann, fileId);
  await eventually("it is open", () => live.state?.can_write === true);
  live.insert(0, "one two three");
  await eventually("it is a version", () => live.state?.saved === true);
  const text = live.document.getText("text");
  const span = { start: 4, end: 7 };
  const session = live.state?.session ?? assert.fail();
  await say(ann, fileId, "why two?", {
    passage: { ...describePassage(live.text, span), anchor: { session, ...anchorOf(text, span) } },
  });
  live.insert(6, "oo");
  live.insert(0, "zero ");
  await eventually("the passage follows", async () => {
    const [thread] = await threadsOf(ann, fileId);
    return thread?.passage?.quote === "twooo" && thread.passage.before === "zero one ";
  });
  text.delete(9, 5);
  await eventually("it is a version again", async () => live.text === "zero one  three" && live.state?.saved === true);
  assert.equal((await threadsOf(ann, fileId))[0]?.passage?.quote, "twooo");
  live.close();
  await server.core.live.close();
});

test("[CM8] what one said is in what one takes along, and sealed where it is kept", async (t) => {
  const { server, ann, eve, fileId } = await startShared(t);
  await say(ann, fileId, "a secret thought", { passage: { quote: "its words", before: "", after: "", anchor: null } });
  await say(eve, fileId, "somebody else's thought");
  const archive = Buffer.from((await ann.get("/v1/account/export")).bytes).toString();
  assert.match(archive, /comments\/000001\.jsonl/);
  assert.match(archive, /"text":"a secret thought"/);
  assert.doesNotMatch(archive, /somebody else's thought/);
  const kept = JSON.stringify(await server.metadata.comments.list(fileId));
  assert.doesNotMatch(kept, /secret|its words/);
});

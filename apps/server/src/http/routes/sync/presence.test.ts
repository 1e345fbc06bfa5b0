import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import {
  rootEntryId,
  type EntryId,
  type NoticesPage,
  type Presence,
  type PresenceChanged,
  type PresenceDoing,
  type WorkspaceId,
} from "@satchel/protocol";
import { call, startTestServer, type TestDevice, type TestServer, type TestSocket } from "../../test-server.fixture.ts";

/** Ann shares a folder with Eve, and there is a file in it. */
async function share(server: TestServer) {
  const [ann, eve] = [await server.signUp("ann"), await server.signUp("eve")];
  const folder = ann.newId();
  await ann.commit([{ op: "create_folder", id: folder, parent_id: ann.root, name: "plans" }]);
  const { workspace_id: workspaceId } = (
    await ann.post<{ workspace_id: WorkspaceId }>("/v1/shares", { folder_id: folder })
  ).body;
  const path = `/v1/shares/${workspaceId}`;
  await ann.post(`${path}/invitations`, { who: "eve", role: "viewer" });
  await eve.post(`${path}/accept`, {});
  const upload = await ann.post<{ file_id: EntryId }>("/v1/files/upload_request", {
    parent_folder_id: rootEntryId(workspaceId),
    file_name: "plan.odt",
    file_size: 0,
    chunk_hashes: [],
  });
  const fileId = upload.body.file_id;
  await save(ann, fileId);
  return { ann, eve, workspaceId, fileId };
}

/** An empty file's version; saved again, it is one more. */
function save(device: TestDevice, fileId: EntryId, modified = "2026-01-01T00:00:00.000Z") {
  const versionHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  return device.post("/v1/files/commit", { file_id: fileId, version_hash: versionHash, chunk_hashes: [], modified });
}

function say(device: TestDevice, files: readonly EntryId[], doing: PresenceDoing = "viewing") {
  return device.post("/v1/presence", { client: "window", open: files.map((id) => ({ file_id: id, doing })) });
}

async function watch(t: TestContext, device: TestDevice, workspaceId: WorkspaceId): Promise<TestSocket> {
  const socket = await device.listen(t, `?mode=changes&devices=true&workspace_id=${workspaceId}`);
  await socket.next();
  return socket;
}

async function nextPresence(socket: TestSocket): Promise<PresenceChanged> {
  for (;;) {
    const message = await socket.next<PresenceChanged | { event: "changes" }>();
    if (message.event === "presence_changed") return message;
  }
}

test("[PR2] members see who has a file open, of the files of that workspace only, and who begins to watch is told", async (t) => {
  const server = await startTestServer(t);
  const { ann, eve, workspaceId, fileId } = await share(server);
  const own = ann.newId();
  const inShare = await watch(t, eve, workspaceId);
  assert.equal((await say(ann, [fileId, own], "editing")).status, 200);
  const told = await nextPresence(inShare);
  assert.deepEqual([told.user, told.device, told.client], ["ann", "test", "window"]);
  assert.deepEqual(told.open, [{ file_id: fileId, doing: "editing" }]);
  const { event: _, workspace_id: __, ...present } = told;
  const asked = await eve.get<Presence>(`/v1/presence?workspace_id=${workspaceId}`);
  assert.deepEqual(asked.body, { present: [present], arriving: [] });
  assert.deepEqual((await nextPresence(await watch(t, eve, workspaceId))).open, told.open);
  await say(ann, []);
  assert.deepEqual((await nextPresence(inShare)).open, []);
});

test("[PR2] naming a file of strangers is refused and told to nobody, and strangers can't ask", async (t) => {
  const server = await startTestServer(t);
  const { ann, workspaceId, fileId } = await share(server);
  const sam = await server.signUp("sam");
  const refused = await say(sam, [fileId]);
  assert.deepEqual([refused.status, refused.body.code], [404, "not_found"]);
  const asked = await sam.get<{ code: string }>(`/v1/presence?workspace_id=${workspaceId}`);
  assert.deepEqual([asked.status, asked.body.code], [404, "not_found"]);
  const { present } = (await ann.get<Presence>(`/v1/presence?workspace_id=${workspaceId}`)).body;
  assert.deepEqual(present, []);
});

test("[PR1] what somebody has open ends with their connection, and with their role in the folder", async (t) => {
  const server = await startTestServer(t);
  const { ann, eve, workspaceId, fileId } = await share(server);
  const atAnn = await watch(t, ann, workspaceId);
  const window = await watch(t, eve, workspaceId);
  await say(eve, [fileId]);
  assert.equal((await nextPresence(atAnn)).open.length, 1);
  window.socket.close();
  assert.deepEqual((await nextPresence(atAnn)).open, []);
  await say(eve, [fileId]);
  assert.equal((await nextPresence(atAnn)).open.length, 1);
  const member = `${server.url}/v1/shares/${workspaceId}/members/${eve.login.account_id}`;
  assert.equal((await call(member, "DELETE", { headers: ann.authorization })).status, 200);
  assert.deepEqual((await nextPresence(atAnn)).open, []);
});

test("[PR1] what is known of who has a file open is forgotten when messages were lost, as one may have been about a role", async (t) => {
  const server = await startTestServer(t);
  const { ann, eve, workspaceId, fileId } = await share(server);
  const present = async () => (await ann.get<Presence>(`/v1/presence?workspace_id=${workspaceId}`)).body.present.length;
  await say(eve, [fileId]);
  assert.equal(await present(), 1);
  server.bus.publish({ kind: "gap" });
  assert.equal(await present(), 0);
  await say(eve, [fileId]);
  assert.equal(await present(), 1);
});

test("[PR6] [NO12] who has a file open gets a notice when somebody else saves it, and not of their own saves", async (t) => {
  const server = await startTestServer(t, { tellsNotices: true });
  const { ann, eve, fileId } = await share(server);
  await say(eve, [fileId]);
  await say(ann, [fileId]);
  assert.equal((await save(ann, fileId, "2026-01-02T00:00:00.000Z")).status, 200);
  await server.core.notices.settled();
  const kinds = async (device: TestDevice) =>
    (await device.get<NoticesPage>("/v1/notices")).body.notices.map(({ kind, detail }) => [
      kind,
      detail["name"],
      detail["by"],
    ]);
  assert.deepEqual(
    (await kinds(eve)).filter(([kind]) => kind === "open_file_updated"),
    [["open_file_updated", "plan.odt", "ann"]],
  );
  assert.deepEqual(await kinds(ann), []);
});

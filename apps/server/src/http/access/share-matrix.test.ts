import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import {
  idPartBytes,
  makeEntryId,
  rootEntryId,
  type ChangesPage,
  type Metadata,
  type Share,
  type ShareMembers,
  type SharesResponse,
} from "@satchel/protocol";
import { rights, roleAllows } from "../../features/authorisation/right.ts";
import type { WorkspaceRole } from "../../storage/metadata/access-store.ts";
import { call, startTestServer, type TestDevice } from "../test-server.fixture.ts";
import { ownRootOnly, routeRequests, send, testedElsewhere, type Named } from "./route-requests.fixture.ts";

const piece = Buffer.from("shared bytes");

/** Ann's folder with a file, shared with an editor, a viewer, and somebody who was removed again. */
async function startShare(t: TestContext) {
  const server = await startTestServer(t);
  const owner = await server.signUp("ann");
  const folderId = owner.newId();
  await owner.commit([{ op: "create_folder", id: folderId, parent_id: owner.root, name: "plans" }]);
  const { body: share } = await owner.post<Share>("/v1/shares", { folder_id: folderId });
  const path = `/v1/shares/${share.workspace_id}`;
  const join = async (name: string, role: "editor" | "viewer") => {
    const device = await server.signUp(name);
    assert.equal((await owner.post(`${path}/invitations`, { who: name, role })).status, 200);
    assert.equal((await device.post(`${path}/accept`, {})).status, 200);
    return device;
  };
  const editor = await join("eve", "editor");
  const viewer = await join("vic", "viewer");
  const removed = await join("rob", "editor");
  const rob = `${path}/members/${removed.login.account_id}`;
  assert.equal((await call(server.url + rob, "DELETE", { headers: owner.authorization })).status, 200);
  const stranger = await server.signUp("sam");
  const { workspace_id: workspaceId } = share;
  const file = await putShared(owner, { workspaceId });
  const named = async (): Promise<Named> => ({
    workspaceId,
    folderId: rootEntryId(workspaceId),
    fileId: file.id,
    versionId: file.versionId,
    cursor: await cursorOf(owner, workspaceId),
    freeName: randomBytes(8).toString("hex"),
    freeId: makeEntryId(workspaceId, randomBytes(idPartBytes)),
    piece,
  });
  return { server, owner, editor, viewer, removed, stranger, share, path, folderId, named };
}

async function cursorOf(device: TestDevice, workspaceId: string): Promise<string> {
  return (await device.get<ChangesPage>(`/v1/sync/changes?workspace_id=${workspaceId}`)).body.cursor;
}

async function putShared(device: TestDevice, { workspaceId }: Pick<Named, "workspaceId">) {
  const id = makeEntryId(workspaceId, randomBytes(idPartBytes));
  const cursor = await cursorOf(device, workspaceId);
  const request = routeRequests["POST /v1/sync/commit"]?.({
    workspaceId,
    folderId: rootEntryId(workspaceId),
    fileId: id,
    versionId: "",
    cursor,
    freeName: "file.txt",
    freeId: id,
    piece,
  });
  const { body } = await send(device, "POST", request ?? assert.fail());
  const [result] = (body as unknown as { results: { version_id: string }[] }).results;
  return { id, versionId: result?.version_id ?? assert.fail() };
}

test("[SE2] [SE3] [SH9] in a shared folder, owner, editor and viewer may what their roles say; strangers and removed members find nothing", async (t) => {
  const world = await startShare(t);
  let asked = 0;
  for (const route of world.server.app.routeTable) {
    const name = `${route.method} ${route.url}`;
    if (route.access !== "account" || !route.right || rights[route.right].in !== "workspace") continue;
    if (ownRootOnly.has(name) || testedElsewhere.has(name)) continue;
    const request = routeRequests[name] ?? assert.fail(name);
    for (const role of ["owner", "editor", "viewer"] satisfies WorkspaceRole[]) {
      const answer = await send(world[role], route.method, request(await world.named()));
      // 204: there is no picture of a text.
      const expected: number[] = roleAllows(role, route.right) ? [200, 204] : [403];
      assert.ok(expected.includes(answer.status), `${name} as ${role}: ${JSON.stringify(answer.body)}`);
      asked += 1;
    }
    for (const who of ["stranger", "removed"] as const) {
      const { status, body } = await send(world[who], route.method, request(await world.named()));
      assert.deepEqual([status, body.code], [404, "not_found"], `${name} as ${who}`);
      asked += 1;
    }
  }
  assert.ok(asked >= 80, `${asked} requests`);
});

test("[SE2] [SE3] [SH9] only the owner manages a shared folder, and members see who has it", async (t) => {
  const world = await startShare(t);
  const { server, path, viewer, stranger, share } = world;
  const member = `${path}/members/${viewer.login.account_id}`;
  const managing = [
    ["POST", `${path}/invitations`, { who: "sam", role: "viewer" }],
    ["DELETE", `${path}/invitations?who=sam`, undefined],
    ["POST", member, { role: "viewer" }],
    ["DELETE", `${path}/members/${stranger.login.account_id}`, undefined],
  ] as const;
  for (const [method, address, json] of managing) {
    const ask = async (device: TestDevice) =>
      (await call(server.url + address, method, { headers: device.authorization, json })).status;
    const statuses = [];
    for (const who of ["owner", "editor", "viewer", "stranger", "removed"] as const)
      statuses.push(await ask(world[who]));
    assert.deepEqual(statuses, [200, 403, 403, 404, 404], `${method} ${address}`);
  }
  const seen = async (device: TestDevice) => await device.get<ShareMembers>(`${path}/members`);
  assert.equal((await world.owner.post(`${path}/invitations`, { who: "new@example.org", role: "viewer" })).status, 200);
  for (const who of ["owner", "editor", "viewer"] as const) {
    const { body } = await seen(world[who]);
    assert.deepEqual(body.members.map(({ user, role }) => `${user} ${role}`).toSorted(), [
      "ann owner",
      "eve editor",
      "vic viewer",
    ]);
    assert.deepEqual(
      body.invitations.map((one) => one.who),
      who === "owner" ? ["new@example.org"] : [],
    );
  }
  for (const who of ["stranger", "removed"] as const) assert.equal((await seen(world[who])).status, 404);
  for (const who of ["editor", "viewer", "stranger", "removed"] as const) {
    const { status } = await world[who].post("/v1/shares", { folder_id: world.folderId });
    assert.equal(status, 404, `sharing another's folder as ${who}`);
  }
  assert.equal((await world.owner.post("/v1/shares", { folder_id: rootEntryId(share.workspace_id) })).status, 409);
  assert.equal((await viewer.post("/v1/shares", { folder_id: rootEntryId(share.workspace_id) })).status, 403);
  const { status } = await world.owner.post(`/v1/shares/${world.owner.login.workspace_id}/invitations`, {
    who: "sam",
    role: "viewer",
  });
  assert.equal(status, 404, "a root folder is no shared one");
});

test("[SH4] an invitation waits for an address that nobody has yet, until somebody proves to have it", async (t) => {
  const { server, owner, path, share } = await startShare(t);
  assert.equal((await owner.post(`${path}/invitations`, { who: "Zoe@example.org", role: "viewer" })).status, 200);
  assert.equal((await owner.post(`${path}/invitations`, { who: "nobody", role: "viewer" })).status, 404);
  const zoe = await server.signUp("zoe");
  const { body } = await zoe.get<SharesResponse>("/v1/shares");
  assert.deepEqual(body.shares, []);
  assert.deepEqual(
    body.invitations.map(({ name, role, invited_by }) => [name, role, invited_by]),
    [["plans", "viewer", "ann"]],
  );
  const accepted = await zoe.post<Share>(`${path}/accept`, { name: "from ann" });
  assert.deepEqual([accepted.body.mount_path, accepted.body.role], ["/from ann", "viewer"]);
  const { body: after } = await zoe.get<SharesResponse>("/v1/shares");
  assert.deepEqual([after.invitations.length, after.shares[0]?.workspace_id], [0, share.workspace_id]);
});

test("[SH5] an invitation is declined or taken back, and then there is nothing to accept", async (t) => {
  const { owner, stranger, path, server } = await startShare(t);
  const invite = () => owner.post(`${path}/invitations`, { who: "sam", role: "editor" });
  await invite();
  assert.equal((await stranger.post(`${path}/decline`, undefined)).status, 200);
  assert.equal((await stranger.post(`${path}/accept`, {})).status, 404);
  await invite();
  await call(`${server.url}${path}/invitations?who=sam`, "DELETE", { headers: owner.authorization });
  assert.equal((await stranger.post(`${path}/accept`, {})).status, 404);
});

test("[SH7] [SE7] whoever is removed or leaves hears it in its own root folder, and its connections and addresses end at once", async (t) => {
  const { server, owner, editor, viewer, path, share, named } = await startShare(t);
  const { workspace_id: workspaceId } = share;
  const inShare = await editor.listen(t, `?workspace_id=${workspaceId}`);
  const inRoot = await editor.listen(t);
  const { fileId } = await named();
  const { body } = await editor.post<{ url: string }>("/v1/files/content_url", { file_id: fileId });
  const address = new URL(body.url, server.url).href;
  assert.equal((await call(address, "GET")).status, 200);
  const member = `${server.url}${path}/members/${editor.login.account_id}`;
  assert.equal((await call(member, "DELETE", { headers: owner.authorization })).status, 200);
  assert.equal(await inShare.closed, 4403);
  const heard = await inRoot.next<{ event: string; file_path: string }>();
  assert.deepEqual([heard.event, heard.file_path], ["folder_deleted", "/plans"]);
  assert.equal((await call(address, "GET")).status, 403);
  assert.equal((await editor.get(`/v1/sync/changes?workspace_id=${workspaceId}`)).status, 404);
  assert.equal((await viewer.post(`${path}/leave`, undefined)).status, 200);
  assert.equal((await viewer.get(`/v1/sync/changes?workspace_id=${workspaceId}`)).status, 404);
  assert.equal((await owner.post(`${path}/leave`, undefined)).status, 403);
  assert.equal((await viewer.post(`${path}/leave`, undefined)).status, 404);
});

test("[SH8] roles change at once, and the folder is handed over", async (t) => {
  const { owner, editor, viewer, path, share } = await startShare(t);
  const { workspace_id: workspaceId } = share;
  const may = async (device: TestDevice) => (await putStatus(device, workspaceId)) === 200;
  assert.equal(await may(viewer), false);
  await owner.post(`${path}/members/${viewer.login.account_id}`, { role: "editor" });
  assert.equal(await may(viewer), true);
  await owner.post(`${path}/members/${editor.login.account_id}`, { role: "owner" });
  assert.equal((await owner.post(`${path}/invitations`, { who: "sam", role: "viewer" })).status, 403);
  assert.equal((await editor.post(`${path}/invitations`, { who: "sam", role: "viewer" })).status, 200);
  assert.equal((await owner.post(`${path}/leave`, undefined)).status, 200);
});

async function putStatus(device: TestDevice, workspaceId: Named["workspaceId"]): Promise<number> {
  const announcement = {
    parent_folder_id: rootEntryId(workspaceId),
    file_name: randomBytes(8).toString("hex"),
    file_size: 0,
    chunk_hashes: [],
  };
  return (await device.post("/v1/files/upload_request", announcement)).status;
}

test("[SH11] a mount is listed, resolved and uploaded to as the folder that it stands for, while its member may", async (t) => {
  const { owner, editor, viewer, path, folderId, share } = await startShare(t);
  const { workspace_id: workspaceId } = share;
  const { body: listed } = await owner.get<Metadata>(`/v1/files/metadata?folder_id=${folderId}`);
  assert.deepEqual([listed.name, listed.entries?.map(({ name }) => name)], ["plans", ["file.txt"]]);
  const { body: top } = await owner.get<Metadata>("/v1/files/metadata?folder_id=root");
  assert.deepEqual(
    top.entries?.map(({ mounts }) => mounts),
    [workspaceId],
  );
  const { body: resolved } = await editor.get<{ file_id: string }>("/v1/files/resolve?path=/plans/file.txt");
  assert.equal(resolved.file_id, listed.entries?.[0]?.id);
  assert.equal((await editor.get("/v1/files/resolve?path=/plans/none.txt")).status, 404);
  const { body: mine } = await viewer.get<SharesResponse>("/v1/shares");
  const announcement = {
    parent_folder_id: mine.shares[0]?.mount_id,
    file_name: "new.txt",
    file_size: 0,
    chunk_hashes: [],
  };
  assert.equal((await viewer.post("/v1/files/upload_request", announcement)).status, 403);
  const announced = await owner.post<{ file_id: string }>("/v1/files/upload_request", {
    ...announcement,
    parent_folder_id: folderId,
  });
  assert.equal(announced.body.file_id.slice(0, 16), workspaceId);
  await viewer.post(`${path}/leave`, undefined);
  assert.equal((await viewer.get(`/v1/files/metadata?folder_id=${mine.shares[0]?.mount_id ?? ""}`)).status, 404);
});

test("[SH10] every change of who has a folder is in the audit log of both sides", async (t) => {
  const { owner, editor, path } = await startShare(t);
  await owner.post(`${path}/members/${editor.login.account_id}`, { role: "viewer" });
  const actions = async (device: TestDevice) => {
    const { body } = await device.get<{ records: { action: string; detail: { change?: string } }[] }>("/v1/audit");
    return body.records.map(({ action, detail }) => `${action} ${detail.change ?? ""}`.trim());
  };
  const ours = await actions(owner);
  for (const change of ["folder_shared shared", "role_changed invited", "role_changed removed", "role_changed role"])
    assert.ok(ours.includes(change), change);
  const theirs = await actions(editor);
  for (const change of ["role_changed accepted", "role_changed role"]) assert.ok(theirs.includes(change), change);
});

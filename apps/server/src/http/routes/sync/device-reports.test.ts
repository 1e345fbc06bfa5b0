import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import { idPartBytes, makeEntryId, rootEntryId, type DeviceReport, type WorkspaceId } from "@satchel/protocol";
import { startTestServer, type TestDevice, type TestSocket } from "../../test-server.fixture.ts";

const busy: DeviceReport = { state: "syncing", uploads: 3, downloads: 1, bytes: 1000, arriving: [] };

interface Devices {
  readonly devices: readonly { readonly device_id: string; readonly activity: unknown }[];
}

/** What the devices page tells of a device. */
async function activityOf(asker: TestDevice, device: TestDevice): Promise<unknown> {
  const { body } = await asker.get<Devices>("/v1/devices");
  return body.devices.find(({ device_id }) => device_id === device.login.device_id)?.activity;
}

/** The next message about a device; where the feed is, is passed over. */
async function nextReport(socket: TestSocket): Promise<Record<string, unknown>> {
  for (;;) {
    const message = await socket.next<Record<string, unknown>>();
    if (message["event"] === "device_reported") return message;
  }
}

/** A connection that watches: the server has said where the feed is, and what is under way. */
async function watch(t: TestContext, device: TestDevice, workspaceId = device.login.workspace_id): Promise<TestSocket> {
  const socket = await device.listen(t, `?mode=changes&devices=true&workspace_id=${workspaceId}`);
  await socket.next();
  return socket;
}

test("[AP83] what a device does is told to its account, and to others only what it brings to a folder that they are members of", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const eve = await server.signUp("eve");
  const plans = ann.newId();
  await ann.commit([{ op: "create_folder", id: plans, parent_id: ann.root, name: "plans" }]);
  const { body: share } = await ann.post<{ workspace_id: WorkspaceId }>("/v1/shares", { folder_id: plans });
  const members = `/v1/shares/${share.workspace_id}`;
  await ann.post(`${members}/invitations`, { who: "eve", role: "viewer" });
  await eve.post(`${members}/accept`, {});
  const other = await server.signIn("ann");
  const atHome = await watch(t, other);
  const inShare = await watch(t, eve, share.workspace_id);
  const elsewhere = await watch(t, eve);

  const own = { folder_id: ann.root, name: "diary.txt" };
  const shared = { folder_id: rootEntryId(share.workspace_id), name: "plan.txt" };
  assert.equal((await ann.post("/v1/devices/report", { ...busy, arriving: [own, shared] })).status, 200);
  const who = { event: "device_reported", device_id: ann.login.device_id, device: "test", user: "ann" };
  const { arriving: _, ...activity } = busy;
  assert.deepEqual(await nextReport(atHome), {
    ...who,
    workspace_id: ann.login.workspace_id,
    arriving: [own],
    activity,
  });
  assert.deepEqual(await nextReport(inShare), { ...who, workspace_id: share.workspace_id, arriving: [shared] });
  assert.deepEqual(await activityOf(other, ann), activity);
  // Who begins to watch now is told as well.
  const late = await watch(t, eve, share.workspace_id);
  assert.deepEqual((await nextReport(late))["arriving"], [shared]);
  // That it is done is told wherever it brought something.
  await ann.post("/v1/devices/report", { ...busy, state: "synced", uploads: 0, downloads: 0, bytes: 0 });
  assert.deepEqual((await nextReport(inShare))["arriving"], []);
  assert.deepEqual((await nextReport(atHome))["arriving"], []);
  // The first that is told of in Eve's own folder is her own.
  await eve.post("/v1/devices/report", busy);
  assert.equal((await nextReport(elsewhere))["user"], "eve");
});

test("[AP83] a report that names a folder of strangers is refused, and nobody is told", async (t) => {
  const server = await startTestServer(t);
  const [ann, sam] = [await server.signUp("ann"), await server.signUp("sam")];
  const atAnn = await watch(t, ann);
  const foreign = { folder_id: makeEntryId(ann.login.workspace_id, randomBytes(idPartBytes)), name: "x" };
  const answer = await sam.post("/v1/devices/report", { ...busy, arriving: [foreign] });
  assert.deepEqual([answer.status, answer.body.code], [404, "not_found"]);
  assert.equal(await activityOf(sam, sam), null);
  await ann.post("/v1/devices/report", busy);
  assert.equal((await nextReport(atAnn))["user"], "ann");
});

test("[AP84] a report is good for a minute while the device works, longer while it rests, and not beyond its connection or login", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const device = await server.signIn("ann");
  await device.post("/v1/devices/report", { ...busy, arriving: [{ folder_id: ann.root, name: "a" }] });
  server.moveClock(61_000);
  assert.equal(await activityOf(ann, device), null);
  const late = await watch(t, ann);
  await device.post("/v1/devices/report", { ...busy, state: "paused" });
  assert.deepEqual(await nextReport(late).then(({ arriving }) => arriving), []);
  server.moveClock(61_000);
  assert.notEqual(await activityOf(ann, device), null);
  server.moveClock(30 * 60_000);
  assert.equal(await activityOf(await server.signIn("ann"), device), null);

  const again = await server.signIn("ann");
  const watcher = await watch(t, await server.signIn("ann"));
  const connection = await again.listen(t, "?mode=changes");
  // Where the feed is: the server knows of the connection.
  await connection.next();
  await again.post("/v1/devices/report", busy);
  assert.equal(((await nextReport(watcher))["activity"] as { state: string }).state, "syncing");
  connection.socket.close();
  assert.equal((await nextReport(watcher))["activity"], null);
  await again.post("/v1/devices/report", busy);
  assert.notEqual((await nextReport(watcher))["activity"], null);
  await (await server.signIn("ann")).get("/v1/devices");
  server.bus.publish({ kind: "device_revoked", deviceId: again.login.device_id });
  assert.equal((await nextReport(watcher))["activity"], null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { liveCloseCodes, type EntryId, type Share, type VersionState } from "@satchel/protocol";
import { pauseMs } from "../../../features/live/save-clock.ts";
import type { Host } from "../../../host.ts";
import { systemHost } from "../../../system-host.ts";
import { eventually, LiveClient } from "./live-client.fixture.ts";
import { call, contentOf, startTestServer, type TestDevice } from "../../test-server.fixture.ts";

/** Sessions wait for pauses as ever, and none comes: what is typed stays unsaved until something else happens. */
const withoutPauses: Host = {
  ...systemHost,
  after: (delayMs, task) => (delayMs === pauseMs ? () => {} : systemHost.after(delayMs, task)),
};

async function contentNow(device: TestDevice, id: EntryId): Promise<string> {
  const { bytes } = await device.get(`/v1/files/content?file_id=${id}`);
  return Buffer.from(bytes).toString();
}

async function versionsOf(device: TestDevice, id: EntryId): Promise<VersionState[]> {
  return (await device.get<{ versions: VersionState[] }>(`/v1/files/versions?file_id=${id}`)).body.versions;
}

/** An empty file in a folder of one account that another is a member of; `path` is the share's. */
async function shareEmptyFile(
  ann: TestDevice,
  bob: TestDevice,
  role: "viewer" | "editor",
): Promise<{ readonly id: EntryId; readonly path: string }> {
  const folderId = ann.newId();
  await ann.commit([{ op: "create_folder", id: folderId, parent_id: ann.root, name: "shared" }]);
  const { body: share } = await ann.post<Share>("/v1/shares", { folder_id: folderId });
  const path = `/v1/shares/${share.workspace_id}`;
  await ann.post(`${path}/invitations`, { who: "bob", role });
  await bob.post(`${path}/accept`, {});
  const { body: announced } = await ann.post<{ file_id: EntryId }>("/v1/files/upload_request", {
    parent_folder_id: folderId,
    file_name: "a.txt",
    file_size: 0,
    chunk_hashes: [],
  });
  const empty = contentOf([]);
  const id = announced.file_id;
  await ann.post("/v1/files/commit", {
    file_id: id,
    version_hash: empty.version_hash,
    chunk_hashes: [],
  });
  return { id, path };
}

test("[LV1] two who edit one file see each other's words, and at a pause they are a version", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id, versionId } = await ann.putFile("a.md", "one\n");
  const first = new LiveClient(t, ann, id);
  const second = new LiveClient(t, await server.signIn("ann"), id);
  await Promise.all([first.shows("one\n"), second.shows("one\n")]);
  first.insert(0, "zero\n");
  second.insert(second.text.length, "two\n");
  await Promise.all([first.shows("zero\none\ntwo\n"), second.shows("zero\none\ntwo\n")]);
  await Promise.all([first.isKept(), second.isKept()]);
  await eventually("it is saved", () => first.state?.saved === true && first.state.version_id !== versionId);
  await eventually("all of it", async () => (await contentNow(ann, id)) === "zero\none\ntwo\n");
});

test("[LV6] a save from elsewhere is merged into what is typed, and reaches those who type", async (t) => {
  const server = await startTestServer(t, { host: withoutPauses });
  const ann = await server.signUp("ann");
  const { id, versionId } = await ann.putFile("a.md", "one\r\ntwo\r\n");
  const live = new LiveClient(t, ann, id);
  await live.shows("one\ntwo\n");
  live.insert(3, " typed");
  // Else the save might be merged before, and what is typed wait for a pause that never comes.
  await live.isKept();
  const bytes = Buffer.from("one\r\ntwo saved\r\n");
  const saved = [{ op: "edit_file", id, base_version_id: versionId, content: contentOf([bytes]) }] as const;
  const { results } = await ann.commit(saved, [bytes]);
  assert.equal(results[0]?.status, "done");
  await live.shows("one typed\ntwo saved\n");
  await eventually("both are a version", async () => (await contentNow(ann, id)) === "one typed\r\ntwo saved\r\n");
});

test("[LV4] who may only look, sees what is typed and types nothing; a change of role and a removal end the connection", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const bob = await server.signUp("bob");
  const stranger = await server.signUp("eve");
  const { id, path } = await shareEmptyFile(ann, bob, "viewer");
  const [writer, viewer] = [new LiveClient(t, ann, id), new LiveClient(t, bob, id)];
  await eventually("both are in", () => writer.state !== undefined && viewer.state !== undefined);
  assert.deepEqual([writer.state?.can_write, viewer.state?.can_write], [true, false]);
  viewer.insert(0, "not allowed");
  writer.insert(0, "allowed ");
  await eventually("the viewer sees it", () => viewer.text.includes("allowed "));
  assert.equal(writer.text, "allowed ");
  assert.equal((await stranger.get(`/v1/live?file_id=${id}`)).status, 404);
  assert.equal((await bob.get(`/v1/live?file_id=${id}`)).status, 400);

  const { body: account } = await bob.get<{ account_id: string }>("/v1/account");
  const member = `${path}/members/${account.account_id}`;
  assert.equal((await ann.post(member, { role: "editor" })).status, 200);
  assert.equal(await viewer.closed, liveCloseCodes.rightsChanged);
  const editor = new LiveClient(t, bob, id);
  await eventually("he may write", () => editor.state?.can_write === true);
  await call(`${server.url}${member}`, "DELETE", { headers: ann.authorization });
  assert.equal(await editor.closed, liveCloseCodes.rightsChanged);
  assert.equal((await bob.get(`/v1/live?file_id=${id}`)).status, 404);
});

test("[LV4] a login that ends, ends its seats", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id } = await ann.putFile("a.md", "one\n");
  const live = new LiveClient(t, ann, id);
  await live.shows("one\n");
  await ann.post("/v1/auth/logout", {});
  assert.equal(await live.closed, liveCloseCodes.loginEnded);
});

test("[LV5] others see where somebody is, under the name that is theirs", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id } = await ann.putFile("a.md", "one\n");
  const [first, second] = [new LiveClient(t, ann, id), new LiveClient(t, ann, id)];
  await Promise.all([first.shows("one\n"), second.shows("one\n")]);
  first.present({ user: { name: "mallory" }, cursor: 2 });
  await eventually("it is told", () => second.heard.some((heard) => heard.includes('"cursor":2')));
  assert.ok(second.heard.every((heard) => !heard.includes("mallory") && heard.includes('"name":"ann"')));
  first.close();
  await eventually("it is told that they left", () => second.heard.some((heard) => heard.includes("null")));
});

test("[LV2] what is no text, too long, or no message ends the connection with the reason", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id: binary } = await ann.putFile("a.md", "a\0b");
  assert.equal(await new LiveClient(t, ann, binary).closed, liveCloseCodes.notText);
  const { id: mixed } = await ann.putFile("b.md", "a\r\nb\n");
  assert.equal(await new LiveClient(t, ann, mixed).closed, liveCloseCodes.notText);
  const { id } = await ann.putFile("c.md", "a\n");
  assert.equal(await new LiveClient(t, ann, id, "another").closed, liveCloseCodes.otherSession);
  const long = new LiveClient(t, ann, id);
  await long.shows("a\n");
  long.insert(0, "x".repeat(300_000));
  assert.equal(await long.closed, liveCloseCodes.tooLarge);
  const odd = new LiveClient(t, ann, id);
  await odd.shows("a\n");
  odd.raw(Uint8Array.of(99, 1, 2, 3));
  assert.equal(await odd.closed, 1007);
});

test("[LV9] a file that is deleted while somebody types comes back with what was typed; else it is gone", async (t) => {
  const server = await startTestServer(t, { host: withoutPauses });
  const ann = await server.signUp("ann");
  const { id } = await ann.putFile("a.md", "one\n");
  const { id: other } = await ann.putFile("b.md", "one\n");
  const [typing, looking] = [new LiveClient(t, ann, id), new LiveClient(t, ann, other)];
  await Promise.all([typing.shows("one\n"), looking.shows("one\n")]);
  typing.insert(0, "typed ");
  await typing.isKept();
  await ann.commit([
    { op: "delete", id },
    { op: "delete", id: other },
  ]);
  assert.equal(await looking.closed, liveCloseCodes.fileGone);
  await eventually("it is there", async () => (await contentNow(ann, id)) === "typed one\n");
  assert.equal((await ann.get(`/v1/files/metadata?file_id=${other}`)).status, 404);
});

test("[LV7] a version is of all who typed", async (t) => {
  const server = await startTestServer(t, { host: withoutPauses });
  const [ann, bob] = [await server.signUp("ann"), await server.signUp("bob")];
  const { id } = await shareEmptyFile(ann, bob, "editor");
  const [first, second] = [new LiveClient(t, ann, id), new LiveClient(t, bob, id)];
  await eventually("both are in", () => first.state !== undefined && second.state !== undefined);
  first.insert(0, "ann ");
  await first.isKept();
  await second.shows("ann ");
  second.insert(0, "bob ");
  await second.isKept();
  first.close();
  second.close();
  await eventually("it is a version", async () => (await contentNow(ann, id)) === "bob ann ");
  const [version] = await versionsOf(ann, id);
  assert.deepEqual([version?.author, version?.also_by], ["bob", ["ann"]]);
});

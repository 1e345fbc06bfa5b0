import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { rootEntryId, type Share, type TrashedEntry, type VersionState } from "@satchel/protocol";
import { startTestServer } from "../../test-server.fixture.ts";

/** Ann's shared folder, with an editor and a viewer, and a stranger. */
async function startShare(t: TestContext) {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const folderId = ann.newId();
  await ann.commit([{ op: "create_folder", id: folderId, parent_id: ann.root, name: "plans" }]);
  const { body: share } = await ann.post<Share>("/v1/shares", { folder_id: folderId });
  const join = async (name: string, role: "editor" | "viewer") => {
    const device = await server.signUp(name);
    await ann.post(`/v1/shares/${share.workspace_id}/invitations`, { who: name, role });
    assert.equal((await device.post(`/v1/shares/${share.workspace_id}/accept`, {})).status, 200);
    return device;
  };
  const [eve, vic] = [await join("eve", "editor"), await join("vic", "viewer")];
  return { ann, eve, vic, sam: await server.signUp("sam"), shared: rootEntryId(share.workspace_id) };
}

test("[SH15] an editor moves a file into a shared folder and another out of it, with bytes and versions; the others' trash keeps what left", async (t) => {
  const { ann, eve, shared } = await startShare(t);
  const { id } = await eve.putFile("mine.txt", "for everybody");
  const move = { file_id: id, parent_folder_id: shared, name: "ours.txt" };
  const { status, body } = await eve.post<{ file_id: string; path: string }>("/v1/files/transfer", move);
  assert.deepEqual([status, body.path], [200, "/ours.txt"]);
  const read = (device: typeof ann, file: string) => device.get(`/v1/files/content?file_id=${file}`);
  assert.equal(Buffer.from((await read(ann, body.file_id)).bytes).toString(), "for everybody");
  const { versions } = (await ann.get<{ versions: VersionState[] }>(`/v1/files/versions?file_id=${body.file_id}`)).body;
  assert.deepEqual(
    versions.map(({ author }) => author),
    ["eve"],
  );
  assert.equal((await read(eve, id)).status, 404);

  const out = { file_id: body.file_id, parent_folder_id: ann.root, name: "taken.txt" };
  const taken = await ann.post<{ file_id: string }>("/v1/files/transfer", out);
  assert.equal(Buffer.from((await read(ann, taken.body.file_id)).bytes).toString(), "for everybody");
  assert.equal((await read(eve, taken.body.file_id)).status, 404);
  const trash = await eve.get<{ entries: TrashedEntry[] }>(`/v1/files/trash?workspace_id=${shared.slice(0, 16)}`);
  assert.deepEqual(
    trash.body.entries.map(({ file_id }) => file_id),
    [body.file_id],
  );
});

test("[SH15] [SE2] a move over a border needs the right to change both sides, and strangers find neither", async (t) => {
  const { ann, vic, sam, shared } = await startShare(t);
  const ours = await ann.putFile("a.txt", "ann's");
  const moved = await ann.post<{ file_id: string }>("/v1/files/transfer", {
    file_id: ours.id,
    parent_folder_id: shared,
    name: "a.txt",
  });
  for (const [device, status, code] of [
    [vic, 403, "forbidden"],
    [sam, 404, "not_found"],
  ] as const) {
    const { id } = await device.putFile("own.txt", "own");
    const inward = { file_id: id, parent_folder_id: shared, name: "own.txt" };
    const outward = { file_id: moved.body.file_id, parent_folder_id: device.root, name: "b.txt" };
    for (const request of [inward, outward]) {
      const answer = await device.post("/v1/files/transfer", request);
      assert.deepEqual([answer.status, answer.body.code], [status, code]);
    }
  }
});

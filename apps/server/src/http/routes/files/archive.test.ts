import assert from "node:assert/strict";
import { test } from "node:test";
import { contentOf, startTestServer, type TestDevice, type TestServer } from "../../test-server.fixture.ts";
import { namesInZip } from "./zip-names.fixture.ts";

interface Signed {
  readonly url: string;
  readonly entries: number;
  readonly size: number;
}

async function sign(device: TestDevice, fileIds: readonly string[], name = "files.zip"): Promise<Signed> {
  const answer = await device.post("/v1/files/archive_url", { file_ids: fileIds, name });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body as unknown as Signed;
}

function send(server: TestServer, url: string, fileIds: readonly string[]): Promise<Response> {
  const body = new URLSearchParams({ entries: fileIds.join(" ") });
  return fetch(server.url + url, { method: "POST", body });
}

async function addFolder(device: TestDevice, name: string, parentId: string = device.root): Promise<string> {
  const id = device.newId();
  await device.commit([{ op: "create_folder", id, parent_id: parentId as typeof device.root, name }]);
  return id;
}

async function addFile(device: TestDevice, name: string, text: string, parentId: string): Promise<string> {
  const id = device.newId();
  const pieces = [Buffer.from(text)];
  const content = contentOf(pieces);
  await device.commit([{ op: "create_file", id, parent_id: parentId as typeof device.root, name, content }], pieces);
  return id;
}

test("[AP48] a selection comes as one zip file with its folders, empty ones too, as long as was announced", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const photos = await addFolder(ann, "Photos ü");
  await addFolder(ann, "empty", photos);
  await addFile(ann, "日本.txt", "sun", photos);
  const { id: readme } = await ann.putFile("read me.txt", "hello");
  const ids = [photos, readme];
  const { url, entries, size } = await sign(ann, ids, "both (2).zip");
  assert.deepEqual([entries, size], [4, 8]);
  const answer = await send(server, url, ids);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "application/zip");
  assert.equal(answer.headers.get("content-disposition"), "attachment; filename*=UTF-8''both%20%282%29.zip");
  assert.equal(Number(answer.headers.get("content-length")), bytes.length);
  assert.deepEqual(namesInZip(bytes), ["Photos ü/", "read me.txt", "Photos ü/empty/", "Photos ü/日本.txt"]);
});

test("[AP48] names that archives can't hold are changed, and two of one name are told apart", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const folder = await addFolder(ann, "f");
  const ids = [
    await addFile(ann, "a.txt", "1", folder),
    (await ann.putFile("a.txt", "2")).id,
    (await ann.putFile(String.raw`..\up.txt`, "3")).id,
    (await ann.putFile("C:x", "4")).id,
  ];
  const { url } = await sign(ann, ids);
  const bytes = new Uint8Array(await (await send(server, url, ids)).arrayBuffer());
  assert.deepEqual(namesInZip(bytes), ["a.txt", "a (2).txt", ".._up.txt", "C_x"]);
});

test("[AP48] [SE6] the address gives these entries only, in its time, and while the login is good", async (t) => {
  const server = await startTestServer(t);
  const [ann, bob] = [await server.signUp("ann"), await server.signUp("bob")];
  const [one, other] = [(await ann.putFile("a.txt", "1")).id, (await ann.putFile("b.txt", "2")).id];
  const { url } = await sign(ann, [one]);
  const codeOf = async (path: string, ids: readonly string[]) =>
    ((await (await send(server, path, ids)).json()) as { code: string }).code;
  assert.equal(await codeOf(url, [other]), "url_expired");
  assert.equal(await codeOf(url, [one, other]), "url_expired");
  assert.equal(await codeOf(url.replace("name=files.zip", "name=other.zip"), [one]), "url_expired");
  assert.equal(await codeOf(url.replace(/expires=./, "expires=9"), [one]), "url_expired");
  assert.equal(await codeOf(url, ["nonsense"]), "not_found");
  const foreign = await bob.post("/v1/files/archive_url", { file_ids: [one], name: "a.zip" });
  assert.deepEqual([foreign.status, foreign.body.code], [404, "not_found"]);
  const { id: own } = await bob.putFile("own.txt", "x");
  const mixed = await bob.post("/v1/files/archive_url", { file_ids: [own, one], name: "a.zip" });
  assert.deepEqual([mixed.status, mixed.body.code], [404, "not_found"]);
  server.moveClock(9 * 60_000);
  assert.equal((await send(server, url, [one])).status, 200);
  server.moveClock(60_001);
  assert.equal(await codeOf(url, [one]), "url_expired");
  const again = await server.signIn("ann");
  const fresh = await sign(again, [one]);
  assert.equal((await send(server, fresh.url, [one])).status, 200);
  await server.metadata.identity.revokeDevice(again.login.account_id, again.login.device_id, server.nowMs());
  server.moveClock(60_000);
  assert.equal(await codeOf(fresh.url, [one]), "url_expired");
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import type { ChunkHash } from "@satchel/protocol";
import { temporaryDirectory } from "@satchel/testkit";
import { verifyChain } from "../../../features/audit/verify-chain.ts";
import { migrate } from "../../../storage/metadata/migrations/migrate.ts";
import { erasedTables } from "../../../storage/metadata/privacy/erase-step.ts";
import { openSqliteDatabase } from "../../../storage/metadata/sql/sqlite-database.ts";
import { dayMs, startSearchable } from "./privacy.fixture.ts";
import { call, contentOf, passwordOf, type TestDevice } from "../../test-server.fixture.ts";

const run = promisify(execFile);

const deletion = "/v1/account/deletion";
const ask = (device: TestDevice, name: string) =>
  device.post<{ due: string }>(deletion, { password: passwordOf(name) });

test("[SE70] an account's deletion takes the password, has a time of grace, and can be taken back", async (t) => {
  const { server, round } = await startSearchable(t);
  const ann = await server.signUp("ann");
  assert.equal((await ann.post(deletion, { password: "stolen token" })).status, 401);
  assert.deepEqual((await ann.get<unknown>(deletion)).body, { due: null });
  const { status, body } = await ask(ann, "ann");
  assert.equal(status, 200);
  assert.ok(Math.abs(Date.parse(body.due) - server.nowMs() - 14 * dayMs) < 60_000);
  assert.deepEqual((await ask(ann, "ann")).body, body);
  assert.deepEqual((await ann.get<unknown>(deletion)).body, body);
  server.moveClock(13 * dayMs);
  await round();
  const back = await server.signIn("ann");
  assert.equal((await call(server.url + deletion, "DELETE", { headers: back.authorization })).status, 200);
  server.moveClock(10 * dayMs);
  assert.equal((await round()).erasedAccounts, 0);
  assert.equal((await (await server.signIn("ann")).get("/v1/account")).status, 200);
});

test("[SE71] an account that is due is provably gone: no row has its id or names, no byte of it is stored, nor of its small pictures, and others lose nothing", async (t) => {
  const { server, round, search } = await startSearchable(t);
  const ann = await server.signUp("ann-the-erased");
  const bob = await server.signUp("bob");
  const both = Buffer.from("both have these bytes");
  for (const device of [ann, bob]) await device.putFile("shared bytes.txt", both.toString());
  const secret = await ann.putFile("secret-name.txt", "only ann had this");
  await ann.commit([{ op: "edit_file", id: secret.id, base_version_id: secret.versionId, content: contentOf([both]) }]);
  const picture = Buffer.from("what only ann had, as a small picture");
  const chunk = createHash("sha256").update(picture).digest("hex") as ChunkHash;
  await server.chunks.put([{ hash: chunk, bytes: picture }]);
  const version = { workspaceId: ann.login.workspace_id, entryId: secret.id, versionId: secret.versionId };
  await server.metadata.previews.put(version, [{ size: 256, chunk }]);
  assert.ok((await server.metadata.previews.find(version, 256))?.chunk);
  await ann.commit([{ op: "delete", id: secret.id }]);
  await ann.post("/v1/auth/join_codes", {});
  const { account_id: accountId, device_id: deviceId, workspace_id: workspaceId } = ann.login;
  const { access } = server.metadata;
  await access.putMember({ workspaceId: bob.login.workspace_id, accountId, role: "editor", nowMs: 1 });
  await access.putMember({ workspaceId, accountId: bob.login.account_id, role: "viewer", nowMs: 1 });
  const theirs = { workspace_id: bob.login.workspace_id, seen: await bob.cursor() };
  const id = bob.newId();
  const create = { op: "create_folder", id, parent_id: bob.root, name: "made by ann" };
  assert.equal((await ann.post("/v1/sync/commit", { ...theirs, operations: [create] })).status, 200);
  assert.ok((await search(accountId)).length > 10);
  assert.equal((await ask(ann, "ann-the-erased")).status, 200);
  server.moveClock(15 * dayMs);
  assert.equal((await round()).erasedAccounts, 1);
  for (let more = 0; more < 3; more += 1) {
    server.moveClock(2 * dayMs);
    await round();
  }
  const left = await search(accountId, deviceId, workspaceId, "ann-the-erased", "secret-name");
  // What it did in Bob's folder stays, under an id that leads to nothing.
  assert.deepEqual(new Set(left.map((row) => row.split(":")[0])), new Set(["journal"]));
  assert.deepEqual(await search("ann-the-erased", "secret-name", workspaceId), []);
  assert.equal((await server.chunks.statistics()).chunks, 1);
  const bobAgain = await server.signIn("bob");
  assert.equal((await bobAgain.get("/v1/files/resolve?path=/shared%20bytes.txt")).status, 200);
  assert.equal((await bobAgain.get(`/v1/files/metadata?file_id=${id}`)).status, 200);
  assert.deepEqual((await server.metadata.maintenance.check(bob.login.workspace_id)).problems, []);
  const chain = await verifyChain(server.metadata.audit, server.keys.audit);
  assert.deepEqual(chain.problems, []);
  assert.ok(chain.erased >= 4);
  assert.equal((await (await server.signIn("ann-the-erased")).get("/v1/account")).status, 401);
});

test("[SE71] a table that is keyed by accounts, devices or workspaces can't be forgotten by the erasure", async (t) => {
  const database = openSqliteDatabase({ path: ":memory:" });
  t.after(() => database.close());
  await migrate(database);
  const tables = await database.read((session) =>
    session.all<{ name: string }>(
      `SELECT DISTINCT t.name FROM sqlite_schema t, pragma_table_info(t.name) c
       WHERE t.type = 'table' AND c.name IN ('account_id', 'device_id', 'workspace_id', 'owner_account_id')`,
    ),
  );
  // What audit records say is erased by the audit log itself.
  const expected = tables.map(({ name }) => name).filter((name) => name !== "audit_records");
  assert.deepEqual([...erasedTables].toSorted(), expected.toSorted());
});

test("[SE71] an erasure that is stopped between its steps goes on in the next round", async (t) => {
  const { server, round, search } = await startSearchable(t);
  const ann = await server.signUp("ann");
  for (let count = 0; count < 5; count += 1) await ann.putFile(`file ${count}`, `content ${count}`);
  await ask(ann, "ann");
  const { account_id: accountId } = ann.login;
  for (let step = 0; step < 4; step += 1) assert.equal(await server.metadata.privacy.eraseStep(accountId, 2), false);
  server.moveClock(15 * dayMs);
  assert.equal((await round()).erasedAccounts, 1);
  assert.deepEqual(await search(accountId), []);
});

test("[SE72] the export is a tar archive that has all files as they are, and everything else about the account but secrets", async (t) => {
  await using directory = await temporaryDirectory("export");
  const { server } = await startSearchable(t);
  const ann = await server.signUp("ann");
  const long = `${"ä".repeat(100)}.txt`;
  const folder = ann.newId();
  await ann.commit([{ op: "create_folder", id: folder, parent_id: ann.root, name: "docs" }]);
  const bytes = randomBytes(300_000);
  const pieces = [bytes.subarray(0, 200_000), bytes.subarray(200_000)];
  const file = { op: "create_file", parent_id: folder, content: { ...contentOf(pieces), executable: true } } as const;
  await ann.commit([{ ...file, id: ann.newId(), name: long }], pieces);
  const modified = "2026-01-31T12:00:00.000Z";
  const link = {
    op: "create_link",
    id: ann.newId(),
    parent_id: folder,
    name: "link",
    link_target: "elsewhere",
    modified,
  } as const;
  await ann.commit([link]);
  const gone = await ann.putFile("gone.txt", "deleted");
  await ann.commit([{ op: "delete", id: gone.id }]);
  const answer = await ann.get("/v1/account/export");
  assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "application/x-tar"]);
  await writeFile(directory.join("export.tar"), answer.bytes);
  await run("tar", ["-xf", "export.tar"], { cwd: directory.path });
  assert.ok(bytes.equals(await readFile(directory.join("files/docs", long))));
  const { mode, mtimeMs } = await stat(directory.join("files/docs", long));
  assert.deepEqual([mode & 0o111, mtimeMs], [0o111, Date.parse("2026-01-31T12:00:00.000Z")]);
  assert.equal(await readlink(directory.join("files/docs/link")), "elsewhere");
  assert.deepEqual((await readdir(directory.path)).toSorted(), [
    "account.json",
    "audit",
    "export.tar",
    "files",
    "trash",
    "versions",
  ]);
  const account = JSON.parse(await readFile(directory.join("account.json"), "utf8")) as {
    account: { name: string };
    devices: object[];
  };
  assert.deepEqual([account.account.name, account.devices.length], ["ann", 1]);
  assert.match(await readFile(directory.join("trash/000001.jsonl"), "utf8"), /gone\.txt/);
  assert.match(await readFile(directory.join("versions/000001.jsonl"), "utf8"), /files\/docs/);
  assert.match(await readFile(directory.join("audit/000001.jsonl"), "utf8"), /data_exported/);
  assert.doesNotMatch(Buffer.from(answer.bytes).toString("latin1"), /password of ann|plain password/);
});

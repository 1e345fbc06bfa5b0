import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { rootEntryId, type NoticesPage, type Share, type SharesResponse } from "@satchel/protocol";
import { temporaryDirectory } from "@satchel/testkit";
import { dayMs, startSearchable } from "./privacy.fixture.ts";
import { passwordOf, type TestDevice } from "../../test-server.fixture.ts";

const run = promisify(execFile);

/** Ann shares a folder with Bob, has invited Cleo and nobody's address, has a link to a file in it, and is in a folder of Bob's. */
async function startShares(t: TestContext) {
  const world = await startSearchable(t);
  const { server } = world;
  const [ann, bob, cleo] = [await server.signUp("ann"), await server.signUp("bob"), await server.signUp("cleo")];
  const share = async (owner: TestDevice, name: string) => {
    const id = owner.newId();
    await owner.commit([{ op: "create_folder", id, parent_id: owner.root, name }]);
    await owner.putFile(`of ${name}.txt`, `kept in ${name}`, id);
    const { body } = await owner.post<Share>("/v1/shares", { folder_id: id });
    return { ...body, path: `/v1/shares/${body.workspace_id}` };
  };
  const [plans, tunes] = [await share(ann, "plans"), await share(bob, "tunes")];
  const join = async (owner: TestDevice, { path }: { path: string }, who: string, device: TestDevice) => {
    assert.equal((await owner.post(`${path}/invitations`, { who, role: "editor" })).status, 200);
    assert.equal((await device.post(`${path}/accept`, {})).status, 200);
  };
  await join(ann, plans, "bob", bob);
  await join(bob, tunes, "ann", ann);
  for (const who of ["cleo", "nobody@example.org"])
    assert.equal((await ann.post(`${plans.path}/invitations`, { who, role: "viewer" })).status, 200);
  const link = await ann.post("/v1/links", { entry_id: rootEntryId(plans.workspace_id), password: "open sesame" });
  assert.equal(link.status, 200);
  return { ...world, ann, bob, cleo, plans, tunes };
}

test("[SE71] what an erased account shared is mounted nowhere any more: its members are told, nobody is invited, and what they share themselves stays", async (t) => {
  const { server, round, search, ann, bob, cleo, plans } = await startShares(t);
  const cursor = await bob.cursor();
  const told = async (device: TestDevice) => (await device.get<NoticesPage>("/v1/notices")).body.notices;
  await server.core.notices.settled();
  const [invited] = (await told(cleo)).filter(({ kind }) => kind === "share_invitation");
  assert.deepEqual([invited?.detail["by"], invited?.detail["folder"]], ["ann", "plans"]);
  const of = async (device: TestDevice) => (await device.get<SharesResponse>("/v1/shares")).body;
  assert.deepEqual((await of(bob)).shares.map(({ name }) => name).toSorted(), ["plans", "tunes"]);
  assert.equal((await of(cleo)).invitations.length, 1);
  assert.equal((await ann.post("/v1/account/deletion", { password: passwordOf("ann") })).status, 200);
  server.moveClock(15 * dayMs);
  assert.equal((await round()).erasedAccounts, 1);
  const [bobAgain, cleoAgain] = [await server.signIn("bob"), await server.signIn("cleo")];
  const { shares } = await of(bobAgain);
  assert.deepEqual(
    shares.map(({ name, members }) => [name, members]),
    [["tunes", 1]],
  );
  assert.equal((await bobAgain.get("/v1/files/resolve?path=/plans")).status, 404);
  assert.equal((await bobAgain.get("/v1/files/resolve?path=/tunes/of%20tunes.txt")).status, 200);
  const { body: feed } = await bobAgain.get<{ changes: { name: string; mounts?: string; deleted: boolean }[] }>(
    `/v1/sync/changes?workspace_id=${bob.login.workspace_id}&cursor=${encodeURIComponent(cursor)}`,
  );
  assert.equal(feed.changes.filter(({ mounts }) => mounts === plans.workspace_id).length, 1);
  assert.deepEqual((await of(cleoAgain)).invitations, []);
  assert.equal((await cleoAgain.post(`${plans.path}/accept`, {})).status, 404);
  assert.deepEqual(await search(ann.login.account_id, "nobody@example.org", "of plans.txt"), []);
  // What is left of the share is what concerns others: that Bob came in, had a folder of that name, that it went, and what they were told.
  const left = new Set((await search(plans.workspace_id)).map((row) => row.split(":")[0]));
  assert.deepEqual(left, new Set(["entries", "audit_records", "notices"]));
  const [still] = (await told(cleoAgain)).filter(({ kind }) => kind === "share_invitation");
  assert.deepEqual([still?.id, still?.detail["by"], still?.detail["folder"]], [invited?.id, undefined, "plans"]);
  for (const { login } of [bobAgain, cleoAgain])
    assert.deepEqual((await server.metadata.maintenance.check(login.workspace_id)).problems, []);
});

test("[SE72] the export has the shared folders that are the account's own as files too, and whom it shares with, without any secret", async (t) => {
  await using directory = await temporaryDirectory("export");
  const { ann } = await startShares(t);
  const away = ann.newId();
  await ann.commit([{ op: "create_folder", id: away, parent_id: ann.root, name: "away" }]);
  await ann.putFile("still mine.txt", "mine", away);
  const { id: gone } = await ann.putFile("gone from away.txt", "gone", away);
  await ann.commit([{ op: "delete", id: gone }]);
  await ann.commit([{ op: "delete", id: (await ann.putFile("gone.txt", "gone")).id }]);
  const { body: putAway } = await ann.post<Share>("/v1/shares", { folder_id: away });
  await ann.commit([{ op: "delete", id: away }]);
  const answer = await ann.get("/v1/account/export");
  assert.equal(answer.status, 200);
  await writeFile(directory.join("export.tar"), answer.bytes);
  await run("tar", ["-xf", "export.tar"], { cwd: directory.path });
  assert.equal(await readFile(directory.join("files/plans/of plans.txt"), "utf8"), "kept in plans");
  assert.equal(await readFile(directory.join("put-away", putAway.workspace_id, "still mine.txt"), "utf8"), "mine");
  // What Bob shares is Bob's.
  assert.deepEqual(await readdir(directory.join("files/tunes")), []);
  const text = await readFile(directory.join("shares/000001.jsonl"), "utf8");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const told = lines.map(({ kind, name, who, role, shows }) => [kind, name ?? who ?? shows, role].join(" ").trim());
  assert.deepEqual(told.toSorted(), [
    "invitation cleo viewer",
    "invitation nobody@example.org viewer",
    "link download",
    "member ann owner",
    "member ann owner",
    "member bob editor",
    "shared_folder away owner",
    "shared_folder plans owner",
    "shared_folder tunes editor",
  ]);
  assert.equal(lines.find(({ kind }) => kind === "link")?.["hasPassword"], true);
  assert.doesNotMatch(text, /argon2|sesame|[Hh]ash/);
  assert.match(await readFile(directory.join("versions/000001.jsonl"), "utf8"), /files\/plans\/of plans\.txt/);
  // Each name in the archive is there once, or else what is unpacked last replaces the rest.
  const { stdout: names } = await run("tar", ["-tf", "export.tar"], { cwd: directory.path });
  const listed = names.trim().split("\n");
  assert.equal(new Set(listed).size, listed.length);
  const trash = await readFile(directory.join("trash/000001.jsonl"), "utf8");
  for (const name of ["gone.txt", "gone from away.txt"]) assert.ok(trash.includes(`/${name}"`), trash);
});

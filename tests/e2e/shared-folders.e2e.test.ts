import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { SharesResponse } from "@satchel/protocol";
import { signIn, type Device } from "./support/device.ts";
import { eventually } from "./support/eventually.ts";
import { openStage, ownFolder } from "./support/stage.ts";

const timeoutMs = 120_000;

/** Ann's two devices, and one of Bob's that is a member of her folder `plans`, which he has as `theirs`. */
async function openShare(role: "editor" | "viewer") {
  await using building = new AsyncDisposableStack();
  const stage = building.use(await openStage({ devices: ["desk", "lap"] }));
  const desk = stage.device("desk");
  await mkdir(desk.path("plans", "sub"), { recursive: true });
  await writeFile(desk.path("plans", "a.txt"), "first");
  await writeFile(desk.path("plans", "sub", "b.txt"), "second");
  await desk.wait(120);
  const account = await stage.server.addUser("bob");
  const bob = building.use(await signIn({ directory: stage.directory, name: "bob", url: stage.server.url, account }));
  await bob.start();
  await desk.satchel(["share", "invite", "/plans", "bob", "--role", role]);
  await bob.satchel(["share", "accept", "plans", "--to", "/theirs"]);
  await reads(bob.path("theirs", "sub", "b.txt"), "second");
  const built = building.move();
  return { desk, lap: stage.device("lap"), bob, account, stage, [Symbol.asyncDispose]: () => built.disposeAsync() };
}

async function reads(path: string, text: string): Promise<void> {
  const look = async () => (await readFile(path, "utf8")) === text;
  await eventually(look, { timeoutMs, what: `${path} to hold ${JSON.stringify(text)}` });
}

async function isGone(path: string): Promise<void> {
  const look = async () =>
    await readdir(join(path, "..")).then((names) => !names.includes(path.split("/").at(-1) ?? ""));
  await eventually(look, { timeoutMs, what: `${path} to be gone` });
}

/** Everything in a folder but what engines keep for themselves. */
async function listing(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => !name.split("/").includes(ownFolder)).toSorted();
}

async function has(folder: string, expected: readonly string[]): Promise<void> {
  const look = async () => assert.deepEqual(await listing(folder), expected) === undefined;
  await eventually(look, { timeoutMs, what: `${folder} to have ${expected.join(", ")}` });
}

async function issueCodes(device: Device): Promise<string[]> {
  const { stdout } = await device.run(["status", "--json"]);
  return (JSON.parse(stdout) as { issues: { code: string }[] }).issues.map(({ code }) => code);
}

test("a folder that is shared with an editor", async (t) => {
  await using share = await openShare("editor");
  await t.test(
    "[EN100] [SH1] [CL60] [CL61] a shared folder is kept the same on all devices of all members, both ways",
    async () => {
      const { desk, lap, bob } = share;
      await writeFile(desk.path("plans", "a.txt"), "edited by ann");
      await reads(bob.path("theirs", "a.txt"), "edited by ann");
      await writeFile(bob.path("theirs", "sub", "b.txt"), "edited by bob");
      await writeFile(bob.path("theirs", "new.txt"), "new");
      for (const device of [desk, lap]) {
        await reads(device.path("plans", "sub", "b.txt"), "edited by bob");
        await reads(device.path("plans", "new.txt"), "new");
      }
      await rm(lap.path("plans", "new.txt"));
      await isGone(bob.path("theirs", "new.txt"));
      await isGone(desk.path("plans", "new.txt"));
      await Promise.all([desk, lap, bob].map((device) => device.wait(120)));
      for (const folder of [bob.path("theirs"), desk.path("plans"), lap.path("plans")])
        await has(folder, ["a.txt", "sub", "sub/b.txt"]);
      assert.deepEqual(JSON.parse(await bob.satchel(["conflicts", "--json"])), []);
    },
  );
  await t.test("[EN101] whoever leaves a shared folder has it no more, and everybody else still does", async () => {
    const { desk, lap, bob } = share;
    await bob.satchel(["share", "leave", "/theirs"]);
    await isGone(bob.path("theirs"));
    for (const device of [desk, lap]) await has(device.path("plans"), ["a.txt", "sub", "sub/b.txt"]);
  });
  await t.test(
    "[EN101] [SH6] whoever left and is invited again has the folder again, and one that was deleted comes back by accepting",
    async () => {
      const { desk, bob } = share;
      await desk.satchel(["share", "invite", "/plans", "bob"]);
      await bob.satchel(["share", "accept", "plans", "--to", "/theirs"]);
      await reads(bob.path("theirs", "a.txt"), "edited by ann");
      await rename(bob.path("theirs"), join(share.stage.directory, "put away"));
      const isAway = async () =>
        (JSON.parse(await bob.satchel(["share", "list", "--json"])) as SharesResponse).shares[0]?.mount_id === null;
      await eventually(isAway, { timeoutMs, what: "the mount to be gone" });
      await bob.satchel(["share", "accept", "plans", "--to", "/theirs"]);
      await reads(bob.path("theirs", "sub", "b.txt"), "edited by bob");
      await writeFile(bob.path("theirs", "a.txt"), "after all that");
      await reads(desk.path("plans", "a.txt"), "after all that");
      assert.deepEqual(await listing(desk.path("plans")), ["a.txt", "sub", "sub/b.txt"]);
    },
  );
});

test("a folder that is shared with a viewer", async (t) => {
  await using share = await openShare("viewer");
  await t.test(
    "[CL61] [SH21] [SH22] a link shows a folder to people without an account, behind its password, until it is ended",
    async () => {
      const { desk } = share;
      const options = ["--until", "7d", "--password-stdin", "--json"];
      const made = await desk.satchel(["share", "link", "/plans", ...options], { input: "open sesame\n" });
      const { url, link_id: id } = JSON.parse(made) as { url: string; link_id: string };
      const locked = await (await fetch(url)).text();
      assert.match(locked, /A password is needed/);
      assert.doesNotMatch(locked, /a\.txt/);
      const { origin } = new URL(url);
      const body = new URLSearchParams({ password: "open sesame" });
      const entered = await fetch(url, { method: "POST", body, headers: { origin }, redirect: "manual" });
      const cookie = (entered.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
      const page = await (await fetch(url, { headers: { cookie } })).text();
      const [, address = ""] = /href="([^"]+)">a\.txt</.exec(page) ?? [];
      assert.equal(await (await fetch(origin + address, { headers: { cookie } })).text(), "first");
      await desk.satchel(["share", "unlink", id]);
      assert.equal((await fetch(origin + address, { headers: { cookie } })).status, 404);
    },
  );
  await t.test("[CL60] a sync that ends when all is done has the shared folders as well", async () => {
    const { account, stage } = share;
    const once = await signIn({ directory: stage.directory, name: "once", url: stage.server.url, account });
    await once.satchel(["sync", once.folder, "--once"]);
    assert.deepEqual(await listing(once.folder), ["theirs", "theirs/a.txt", "theirs/sub", "theirs/sub/b.txt"]);
  });
  await t.test(
    "[EN105] what a viewer changes becomes a copy of their own, is told of, and reaches nobody",
    async () => {
      const { desk, bob } = share;
      await writeFile(bob.path("theirs", "a.txt"), "by the viewer");
      await writeFile(bob.path("theirs", "new.txt"), "new");
      await rm(bob.path("theirs", "sub"), { recursive: true });
      await reads(bob.path("theirs", "a (Conflicted copy).txt"), "by the viewer");
      await reads(bob.path("theirs", "a.txt"), "first");
      await reads(bob.path("theirs", "sub", "b.txt"), "second");
      await eventually(async () => (await issueCodes(bob)).filter((code) => code === "view_only").length === 2, {
        timeoutMs,
        what: "both to be told of",
      });
      await writeFile(desk.path("plans", "a.txt"), "by the owner");
      await reads(bob.path("theirs", "a.txt"), "by the owner");
      assert.deepEqual(await listing(desk.path("plans")), ["a.txt", "sub", "sub/b.txt"]);
      await desk.satchel(["share", "role", "/plans", "bob", "editor"]);
      await reads(desk.path("plans", "new.txt"), "new");
      await reads(desk.path("plans", "a (Conflicted copy).txt"), "by the viewer");
    },
  );
});

test("[EN102] [SH6] where a member has the folder concerns only them, and the folder goes on there", async () => {
  await using share = await openShare("editor");
  const { desk, lap, bob } = share;
  await mkdir(bob.path("work"));
  await rename(bob.path("theirs"), bob.path("work", "ours"));
  const moved = async () =>
    (JSON.parse(await bob.satchel(["share", "list", "--json"])) as SharesResponse).shares[0]?.mount_path ===
    "/work/ours";
  await eventually(moved, { timeoutMs, what: "the mount to be moved" });
  await writeFile(desk.path("plans", "a.txt"), "after the move");
  await reads(bob.path("work", "ours", "a.txt"), "after the move");
  await writeFile(bob.path("work", "ours", "a.txt"), "from the new place");
  for (const device of [desk, lap]) await reads(device.path("plans", "a.txt"), "from the new place");
});

test("[EN103] a file that is moved over the border is the same file on the other side, and in the trash of the one that it left", async () => {
  await using share = await openShare("editor");
  const { desk, bob } = share;
  await writeFile(bob.path("mine.txt"), "mine");
  await bob.wait(120);
  await rename(bob.path("mine.txt"), bob.path("theirs", "mine.txt"));
  await reads(desk.path("plans", "mine.txt"), "mine");
  await rename(bob.path("theirs", "a.txt"), bob.path("a.txt"));
  await isGone(desk.path("plans", "a.txt"));
  await bob.wait(120);
  const listed = JSON.parse(await bob.satchel(["ls", "/", "--json"])) as { path: string }[];
  assert.deepEqual(
    listed.map(({ path }) => path),
    ["/a.txt", "/theirs"],
  );
  const trash = JSON.parse(await bob.satchel(["trash", "--json"])) as { path: string }[];
  assert.deepEqual(
    trash.map(({ path }) => path),
    ["/mine.txt"],
  );
});

test("[EN101] [SH7] the folder goes from a removed member's devices, and what wasn't synchronised stays", async () => {
  await using share = await openShare("editor");
  const { desk, bob } = share;
  await bob.wait(120);
  await bob.stop();
  await writeFile(bob.path("theirs", "sub", "b.txt"), "not synchronised");
  await desk.satchel(["share", "revoke", "/plans", "bob"]);
  await bob.start();
  await isGone(bob.path("theirs", "a.txt"));
  await reads(bob.path("theirs", "sub", "b.txt"), "not synchronised");
  await bob.wait(120);
  const listed = JSON.parse(await bob.satchel(["ls", "/theirs/sub", "--json"])) as { path: string }[];
  assert.deepEqual(
    listed.map(({ path }) => path),
    ["/theirs/sub/b.txt"],
  );
  await reads(desk.path("plans", "sub", "b.txt"), "second");
});

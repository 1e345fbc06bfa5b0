import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { after, before, suite, test } from "node:test";
import type { Device } from "./support/device.ts";
import { eventually } from "./support/eventually.ts";
import { runSatchel, satchel } from "./support/satchel-command.ts";
import { openStage, type Stage } from "./support/stage.ts";

const TIMEOUT_MS = 120_000;

suite("the satchel command", () => {
  let stage: Stage;
  let a: Device;
  let b: Device;

  before(async () => {
    stage = await openStage({ devices: ["a", "b"] });
    [a, b] = [stage.device("a"), stage.device("b")];
    await writeFile(a.path("notes.txt"), "one");
    await a.wait(30);
    await b.wait(30);
  });
  after(async () => await stage[Symbol.asyncDispose]());

  async function json<T>(device: Device, ...words: string[]): Promise<T> {
    return JSON.parse(await device.satchel([...words, "--json"])) as T;
  }

  test("help and version are there on every level", async () => {
    assert.match(await satchel(["--version"]), /^\d+\.\d+\.\d+/);
    for (const words of [[], ["serve"], ["sync"], ["admin"], ["admin", "user", "add"], ["restore"]]) {
      assert.match(await satchel([...words, "--help"]), /Usage: satchel/);
    }
  });

  test("wrong usage exits with 2, and no login with 3", async () => {
    for (const words of [["nonsense"], ["sync"], ["ls", "--no-such-option"], ["wait", "--timeout", "soon"]]) {
      assert.equal((await runSatchel(words, { home: `${stage.directory}/nobody` })).code, 2, words.join(" "));
    }
    const result = await runSatchel(["ls"], { home: `${stage.directory}/nobody` });
    assert.equal(result.code, 3);
    assert.match(result.stderr, /login/);
  });

  test("a wrong password is refused, and an unreachable server exits with 4", async () => {
    const login = (url: string) => ["login", url, "--user", "ann", "--password-stdin"];
    const wrong = await runSatchel(login(stage.server.url), { home: `${stage.directory}/x`, input: "wrong\n" });
    assert.notEqual(wrong.code, 0);
    const nowhere = await runSatchel(login("http://127.0.0.1:9"), { home: `${stage.directory}/x`, input: "any\n" });
    assert.equal(nowhere.code, 4);
  });

  test("status tells the state, the folder, the server, the user and what is pending", async () => {
    const status = await json<Record<string, unknown>>(a, "status");
    assert.deepEqual(status, {
      state: "synced",
      folder: a.folder,
      server: stage.network("a").url,
      user: "ann",
      pending: { uploads: 0, downloads: 0, bytes: 0 },
      issues: [],
    });
  });

  test("status exits with 1 where no sync runs", async () => {
    await b.stop();
    assert.equal((await b.run(["status", "--json"])).code, 1);
    await b.start();
  });

  test("a second sync of a home, and a second server on its data, refuse to start", async () => {
    const second = await a.run(["sync", a.folder], { timeoutMs: TIMEOUT_MS });
    assert.equal(second.code, 1);
    assert.notEqual(second.stderr, "");
    const serve = await runSatchel(["serve", "--data", stage.server.dataDirectory, "--listen", "127.0.0.1:0"]);
    assert.equal(serve.code, 1);
    assert.notEqual(serve.stderr, "");
  });

  test("put, ls, mkdir, mv, get and rm work on the server's tree, and synced folders follow", async () => {
    const local = `${stage.directory}/local.txt`;
    await writeFile(local, "put");
    await a.satchel(["mkdir", "/box"]);
    await a.satchel(["put", local, "/box/put.txt"]);
    const [entry] = await json<Record<string, unknown>[]>(a, "ls", "/box");
    assert.deepEqual(Object.keys(entry ?? {}).toSorted(), ["hash", "modified", "path", "size", "type", "version"]);
    assert.deepEqual([entry?.["path"], entry?.["type"], entry?.["size"]], ["/box/put.txt", "file", 3]);
    await a.satchel(["mv", "/box/put.txt", "/box/moved.txt"]);
    await a.satchel(["get", "/box/moved.txt", `${stage.directory}/got.txt`]);
    assert.equal(await readFile(`${stage.directory}/got.txt`, "utf8"), "put");
    await b.wait(30);
    assert.equal(await readFile(b.path("box/moved.txt"), "utf8"), "put");
    await a.satchel(["rm", "/box"]);
    await b.wait(30);
    await assert.rejects(readFile(b.path("box/moved.txt")), { code: "ENOENT" });
    assert.match(JSON.stringify(await json(a, "trash")), /box/);
    await a.satchel(["restore", "/box"]);
    await b.wait(30);
    assert.equal(await readFile(b.path("box/moved.txt"), "utf8"), "put");
    assert.equal((await a.run(["ls", "/no/such"])).code, 1);
  });

  test("versions lists them newest first, and restore brings an old one back", async () => {
    await writeFile(a.path("notes.txt"), "two, longer");
    await a.wait(30);
    const versions = await json<{ version: string; size: number; author: string; device: string }[]>(
      a,
      "versions",
      "/notes.txt",
    );
    assert.deepEqual(
      versions.map(({ size }) => size),
      [11, 3],
    );
    assert.deepEqual([versions[0]?.author, versions[0]?.device], ["ann", "a"]);
    await b.satchel(["restore", "/notes.txt", "--version", versions[1]?.version ?? ""]);
    await a.wait(30);
    assert.equal(await readFile(a.path("notes.txt"), "utf8"), "one");
  });

  test("restore takes a folder back to an instant", async () => {
    await mkdir(a.path("album"));
    await writeFile(a.path("album/1.txt"), "first");
    await a.wait(30);
    const [entry] = await json<{ modified: string }[]>(a, "versions", "/album/1.txt");
    assert.ok(entry);
    const instant = new Date().toISOString();
    await writeFile(a.path("album/1.txt"), "spoiled");
    await writeFile(a.path("album/2.txt"), "unwanted");
    await a.wait(30);
    await a.satchel(["restore", "/album", "--at", instant]);
    await a.wait(30);
    assert.equal(await readFile(a.path("album/1.txt"), "utf8"), "first");
  });

  test("pause keeps changes here, and resume sends them", async () => {
    await a.satchel(["pause"]);
    assert.equal((await json<{ state: string }>(a, "status")).state, "paused");
    await writeFile(a.path("paused.txt"), "paused");
    assert.equal((await a.run(["wait", "--timeout", "1"])).code, 124);
    await a.satchel(["resume"]);
    await a.wait(30);
    await b.wait(30);
    assert.equal(await readFile(b.path("paused.txt"), "utf8"), "paused");
  });

  test("sync --once ends when the folder and the server are equal, and --json writes an event a line", async () => {
    await b.stop();
    await writeFile(b.path("once.txt"), "once");
    const lines = await b.satchel(["sync", b.folder, "--once", "--json"]);
    for (const line of lines.trim().split("\n")) assert.equal(typeof JSON.parse(line), "object");
    await a.wait(30);
    assert.equal(await readFile(a.path("once.txt"), "utf8"), "once");
    await b.satchel(["start", b.folder]);
    await eventually(async () => (await b.run(["status", "--json"])).code === 0, {
      timeoutMs: TIMEOUT_MS,
      what: "the background sync",
    });
    await b.satchel(["stop"]);
    assert.equal((await b.run(["status"])).code, 1);
  });

  test("token prints a token that the API takes, and logout revokes it", async () => {
    const token = (await b.satchel(["token"])).trim();
    const ask = async (): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${stage.server.url}/v1/files/metadata?folder_id=root`, { headers })).status;
    };
    assert.equal(await ask(), 200);
    await b.satchel(["logout"]);
    assert.equal(await ask(), 401);
    assert.equal((await b.run(["ls"])).code, 3);
  });

  test("SIGTERM ends a sync and a server with 0, and the stores are sound", async () => {
    assert.deepEqual(await a.stop(), { code: 0, signal: null });
    assert.deepEqual(await stage.server.stop(), { code: 0, signal: null });
    const words = ["admin", "check", "--json", "--data", stage.server.dataDirectory];
    const checked = JSON.parse(await satchel(words)) as { ok: boolean; problems: unknown[] };
    assert.deepEqual([checked.ok, checked.problems], [true, []]);
  });
});

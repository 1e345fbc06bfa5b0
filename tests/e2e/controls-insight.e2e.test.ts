import assert from "node:assert/strict";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { Device } from "./support/device.ts";
import { eventually } from "./support/eventually.ts";
import { openStage, type Stage } from "./support/stage.ts";

const TIMEOUT_MS = 120_000;
const TIMEOUT_SECONDS = TIMEOUT_MS / 1000;

interface Finding {
  readonly check: string;
  readonly level: string;
  readonly message: string;
  readonly advice?: string;
}

suite("finding out what is the matter", () => {
  let stage: Stage;
  let a: Device;
  let b: Device;

  before(async () => {
    stage = await openStage({ devices: ["a", "b"] });
    [a, b] = [stage.device("a"), stage.device("b")];
    await mkdir(a.path("docs"));
    await writeFile(a.path("docs", "quarterly plan.txt"), "first");
    await a.wait(TIMEOUT_SECONDS);
    await b.wait(TIMEOUT_SECONDS);
  });
  after(async () => await stage[Symbol.asyncDispose]());

  async function examine(
    device: Device,
  ): Promise<{ code: number | null; levels: Record<string, string>; findings: Finding[] }> {
    const { code, stdout } = await device.run(["doctor", "--json"]);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    return { code, findings, levels: Object.fromEntries(findings.map(({ check, level }) => [check, level])) };
  }

  test("[CL35] `doctor` finds a healthy device healthy, and changes nothing in its folder", async () => {
    const { code, levels } = await examine(b);
    assert.equal(code, 0);
    for (const check of ["sync", "proxy", "server", "clock", "login", "websocket", "folder", "names", "database"])
      assert.equal(levels[check], "ok", check);
    assert.match(await b.satchel(["doctor"]), /^✓ websocket /m);
    await b.wait(TIMEOUT_SECONDS);
    await stage.waitForEqual(TIMEOUT_MS);
  });

  test("[CL35] `doctor` says what is wrong, and what to do", async () => {
    stage.network("b").cut();
    const { code, levels, findings } = await examine(b);
    assert.equal(code, 1);
    assert.deepEqual([levels["server"], levels["websocket"], levels["database"]], ["problem", "skipped", "ok"]);
    for (const { level, advice } of findings)
      assert.equal(advice !== undefined, level === "problem" || level === "warning");
    const offline = await b.run(["verify"]);
    assert.deepEqual([offline.code, /satchel doctor/.test(offline.stderr)], [4, true]);
    stage.network("b").heal();
    await b.wait(TIMEOUT_SECONDS);
    await b.stop();
    await rename(b.folder, `${b.folder} away`);
    const gone = await examine(b);
    assert.deepEqual([gone.code, gone.levels["folder"], gone.levels["sync"]], [1, "problem", "warning"]);
    await rename(`${b.folder} away`, b.folder);
    await b.start();
    const nobody = await b.run(["doctor", "--home", join(stage.directory, "nobody"), "--json"]);
    assert.equal(nobody.code, 1);
    assert.match(nobody.stdout, /satchel login URL/);
  });

  test("[CL36] `attention` lists what waits, each with commands, and says when nothing does", async () => {
    const nothing = await b.run(["attention"]);
    assert.deepEqual([nothing.code, nothing.stdout, nothing.stderr.trim()], [0, "", "Nothing waits for you."]);
    await b.satchel(["pause"]);
    await writeFile(a.path("both.txt"), "from a, not a word of b's");
    await a.wait(TIMEOUT_SECONDS);
    await writeFile(b.path("both.txt"), Buffer.from([0, 1, 2, 3]));
    const paused = await b.run(["attention", "--json"]);
    assert.equal(paused.code, 5);
    assert.deepEqual(
      (JSON.parse(paused.stdout) as { code: string; commands: string[] }[]).map(({ code, commands }) => [
        code,
        commands,
      ]),
      [["paused", ["satchel resume"]]],
    );
    await b.satchel(["resume"]);
    await b.wait(TIMEOUT_SECONDS);
    const waiting = await b.run(["attention"]);
    assert.equal(waiting.code, 5);
    assert.match(waiting.stdout, /^! \/both \(Conflicted copy\)\.txt: This is the other side of \/both\.txt/m);
    assert.match(waiting.stdout, /^ {4}satchel resolve '\/both \(Conflicted copy\)\.txt' --keep theirs$/m);
    await b.satchel(["resolve", "/both (Conflicted copy).txt", "--keep", "theirs"]);
    assert.equal((await b.run(["attention"])).code, 0);
    await b.wait(TIMEOUT_SECONDS);
  });

  test("[CL37] `why` tells what was done last, and what led to it, also of what is gone", async () => {
    await writeFile(a.path("docs", "quarterly plan.txt"), "second, longer");
    await a.wait(TIMEOUT_SECONDS);
    await b.wait(TIMEOUT_SECONDS);
    const fetched = await b.satchel(["why", b.path("docs", "quarterly plan.txt")]);
    assert.match(fetched, /^docs\/quarterly plan\.txt: in sync\.$/m);
    assert.match(fetched, /Fetched from the server: here it was unchanged, on the server it was edited \[RC1\]\.$/m);
    await rm(a.path("docs", "quarterly plan.txt"));
    await a.wait(TIMEOUT_SECONDS);
    await b.wait(TIMEOUT_SECONDS);
    await b.stop();
    await b.start();
    const gone = await b.run(["why", "docs/quarterly plan.txt", "--json"], { cwd: b.folder });
    assert.equal(gone.code, 0);
    const { state, decisions } = JSON.parse(gone.stdout) as { state: string; decisions: Record<string, string>[] };
    assert.equal(state, "unknown");
    const [last] = decisions;
    assert.deepEqual(
      [last?.["did"], last?.["here"], last?.["there"], last?.["rule"]],
      ["delete_local", "unchanged", "deleted", "RC20"],
    );
    assert.equal((await b.run(["why", "/never was"])).code, 1);
  });

  test("[CL38] `verify` finds equal what is equal, with one digest on all devices, and names what differs", async () => {
    await writeFile(a.path("docs", "big.bin"), Buffer.alloc(9_000_000, "satchel"));
    await a.wait(TIMEOUT_SECONDS);
    await b.wait(TIMEOUT_SECONDS);
    const digestOf = async (device: Device, ...options: string[]): Promise<string> => {
      const { equal, digest, checked } = JSON.parse(await device.satchel(["verify", "--json", ...options])) as {
        equal: boolean;
        digest: string;
        checked: { reread: { files: number } };
      };
      assert.ok(equal);
      assert.equal(checked.reread.files > 0, options.includes("--deep"));
      return digest;
    };
    assert.equal(await digestOf(a), await digestOf(b, "--deep"));
    assert.match(
      await b.satchel(["verify"]),
      /^The folder and the server are equal: \d+ items\.\nDigest [\da-f]{64}$/m,
    );
    await b.satchel(["exclude", "add", "/docs"]);
    await eventually(
      async () =>
        await stat(b.path("docs")).then(
          () => false,
          () => true,
        ),
      {
        timeoutMs: TIMEOUT_MS,
        what: "docs to go",
      },
    );
    assert.match(await b.satchel(["verify"]), /equal/);
    await mkdir(b.path("docs"));
    await eventually(async () => (await b.satchel(["status"])).includes("name_excluded"), {
      timeoutMs: TIMEOUT_MS,
      what: "the issue",
    });
    const differs = await b.run(["verify"]);
    assert.equal(differs.code, 5);
    assert.match(differs.stdout, /^! docs: is only in this folder\.$/m);
    await rm(b.path("docs"), { recursive: true });
    await b.satchel(["exclude", "remove", "/docs"]);
    await stage.waitForEqual(TIMEOUT_MS);
  });

  test("[CL39] `bundle` makes one file that nobody's names and no token are in", async () => {
    await mkdir(b.path("holiday in Rome"));
    await writeFile(b.path("holiday in Rome", "diary.odt"), "dear diary");
    await b.wait(TIMEOUT_SECONDS);
    const { path } = JSON.parse(await b.satchel(["bundle", "--json"], { cwd: stage.directory })) as { path: string };
    const text = await readFile(path, "utf8");
    const login = JSON.parse(await readFile(join(b.home, "login.json"), "utf8")) as { tokens: Record<string, string> };
    const { accessToken = "?", refreshToken = "?" } = login.tokens;
    for (const word of ["Rome", "diary", accessToken, refreshToken, b.folder, stage.server.url])
      assert.ok(!text.includes(word), word);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    const made = JSON.parse(text) as { status: { state: string }; doctor: Finding[]; names: string };
    assert.deepEqual([made.status.state, made.names], ["synced", "hashed"]);
    assert.ok(made.doctor.length > 5);
    assert.equal((await b.run(["bundle", path])).code, 1, "a file that is there stays");
    const named = await b.run(["bundle", join(stage.directory, "named.json"), "--names"]);
    assert.match(named.stderr, /Look through it/);
  });
});

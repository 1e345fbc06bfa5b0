import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import type { TemporaryDirectory } from "@satchel/testkit";
import { fakeContext, runClient } from "../commands/fake-context.fixture.ts";
import { findHome } from "../home/home.ts";
import { saveLogin } from "../home/login-file.ts";
import type { Login } from "../home/login-file.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import type { EngineStatus, SyncEngine } from "./sync-engine.ts";
import type { SyncReport } from "./sync-report.ts";
import { runSyncSession } from "./sync-session.ts";
import type { SessionEnd, SyncSessionOptions } from "./sync-session.ts";

const login = {
  serverUrl: "http://server",
  user: "ada",
  workspaceId: "aaaaaaaaaaaaaaaa",
  tokens: { accessToken: "a", refreshToken: "r", expiresAtMs: 0 },
} as unknown as Login;

/** An engine that does nothing but remember. */
function idleEngine(done: string[]): SyncEngine {
  let state: EngineStatus["state"] = "synced";
  return {
    run: (signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
    runOnce: async () => "issues",
    status: () => ({
      state,
      pending: { uploads: 0, downloads: 0, bytes: 0 },
      issues: [{ path: "a", code: "c", message: "m" }],
    }),
    item: (path) => ({ path, state: "synced" }),
    waitSynced: async ({ timeoutMs }) => timeoutMs === null,
    findEntry: () => undefined,
    openInEditors: () => [],
    serverPaths: (ids) => ids.map(() => null),
    why: () => [],
    verify: () => Promise.reject(new Error("nothing to compare")),
    setExcluded: () => undefined,
    pause: () => void (state = "paused"),
    resume: () => void (state = "synced"),
    onEvent: () => undefined,
    onState: () => undefined,
    close: async () => void done.push("closed"),
  };
}

async function startSession(directory: TemporaryDirectory, own: Partial<SyncSessionOptions> = {}) {
  const home = findHome({ home: directory.join("h"), env: {}, cwd: "/" });
  await saveLogin(home, login);
  const ready = Promise.withResolvers<void>();
  const done: string[] = [];
  const ended = runSyncSession({
    home,
    folder: directory.join("deep", "folder"),
    once: false,
    anew: false,
    signal: new AbortController().signal,
    env: {},
    openEngine: async () => idleEngine(done),
    onReady: () => ready.resolve(),
    onEvent: () => undefined,
    log: () => undefined,
    ...own,
  });
  await Promise.race([ready.promise, ended]);
  return { home, ended, done };
}

async function client(
  directory: TemporaryDirectory,
  ...args: string[]
): Promise<{ code: number; out: string; notes: string }> {
  const context = fakeContext(directory.join("h"));
  const code = await runClient(args, context);
  return { code, out: context.terminal.out.join("\n"), notes: context.terminal.notes.join("\n") };
}

test("[CL19] a session answers status, wait, pause and resume, and ends by stop", async () => {
  await using directory = await temporaryDirectory("ses");
  const { ended, done } = await startSession(directory);
  const folder = directory.join("deep", "folder");
  assert.ok((await stat(folder)).isDirectory());
  const status = await client(directory, "status", "--json");
  assert.equal(status.code, 0);
  assert.deepEqual(JSON.parse(status.out), {
    state: "synced",
    folder,
    server: "http://server",
    user: "ada",
    pending: { uploads: 0, downloads: 0, bytes: 0 },
    issues: [{ path: "a", code: "c", message: "m" }],
  });
  assert.equal((await client(directory, "wait")).code, 0);
  assert.equal((await client(directory, "wait", "--timeout", "1")).code, 124);
  assert.equal((await client(directory, "pause")).code, 0);
  assert.match((await client(directory, "status")).out, /Paused/);
  assert.equal((await client(directory, "resume")).code, 0);
  const item = await client(directory, "status", `${folder}/a/b.txt`, "--json");
  assert.deepEqual(JSON.parse(item.out), { path: "a/b.txt", state: "synced" });
  assert.equal((await client(directory, "status", "/elsewhere")).code, 2);
  assert.equal((await client(directory, "stop")).code, 0);
  assert.equal((await ended).outcome, "stopped");
  assert.deepEqual(done, ["closed"]);
});

test("[CL73] texts are merged, unless the environment says otherwise", async () => {
  await using directory = await temporaryDirectory("ses");
  const asked: (boolean | undefined)[] = [];
  const openEngine: SyncSessionOptions["openEngine"] = async ({ mergesTexts }) => {
    asked.push(mergesTexts);
    return idleEngine([]);
  };
  for (const env of [{}, { SATCHEL_MERGE: "off" }]) {
    const stopping = new AbortController();
    const { ended } = await startSession(directory, { openEngine, env, signal: stopping.signal });
    stopping.abort();
    await ended;
  }
  assert.deepEqual(asked, [true, false]);
});

test("[CL10] a second sync of the same home is refused and says which runs", async () => {
  await using directory = await temporaryDirectory("ses");
  const stopping = new AbortController();
  const { ended } = await startSession(directory, { signal: stopping.signal });
  await assert.rejects(startSession(directory), (error: Error) => {
    assert.equal(error.name, "CommandError");
    assert.match(error.message, new RegExp(`process ${process.pid}, .*folder`));
    return true;
  });
  stopping.abort();
  await ended;
  const again = await startSession(directory, { signal: AbortSignal.abort(), once: true });
  await again.ended;
});

test("[CL18] after the end its last state is kept, with exit code 1", async () => {
  await using directory = await temporaryDirectory("ses");
  const { ended } = await startSession(directory, { once: true });
  assert.equal((await ended).outcome satisfies SessionEnd["outcome"], "issues");
  const { code, out } = await client(directory, "status", "--json");
  assert.equal(code, 1);
  const { state, running, folder } = JSON.parse(out) as Record<string, unknown>;
  assert.deepEqual(
    { state, running, folder },
    { state: "synced", running: false, folder: directory.join("deep", "folder") },
  );
});

test("[CL18] status tells why the last sync could not go on", async () => {
  await using directory = await temporaryDirectory("session");
  const cause = Object.assign(new Error("gone"), { code: "root_missing" });
  const run = (): Promise<void> =>
    Promise.reject(new CommandError(exitCode.failed, "The synced folder is gone.", { cause }));
  const { ended } = await startSession(directory, { openEngine: async () => ({ ...idleEngine([]), run }) });
  await assert.rejects(ended);
  const { code, out } = await client(directory, "status", "--json");
  assert.equal(code, 1);
  const { state, issues } = JSON.parse(out) as SyncReport;
  assert.equal(state, "error");
  assert.deepEqual(issues[0], { path: "", code: "root_missing", message: "The synced folder is gone." });
});

test("an engine that can't be opened leaves the home free", async () => {
  await using directory = await temporaryDirectory("ses");
  const fail = { openEngine: () => Promise.reject(new Error("broken")) };
  await assert.rejects(startSession(directory, fail), new Error("broken"));
  const { ended, home } = await startSession(directory, { once: true });
  await ended;
  assert.match(await readFile(home.syncFile, "utf8"), /deep\/folder/);
});

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, rm, stat } from "node:fs/promises";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@satchel/testkit";
import type { LoginResponse } from "@satchel/protocol";
import { checkStore } from "../admin/check.ts";
import { addUser, createJoinCode, disableUser, listUsers, setUserPassword } from "../admin/admin.ts";
import { serverConfig, type ServerConfig } from "../config/config.ts";
import { DirectoryInUseError } from "../data-directory/directory-lock.ts";
import { call, passwordOf, TestDevice } from "../http/test-server.fixture.ts";
import { startServer } from "./start-server.ts";

async function newConfig(t: TestContext): Promise<ServerConfig> {
  const directory = await temporaryDirectory("server");
  t.after(() => directory.remove());
  return serverConfig({ data: directory.join("data"), listen: "127.0.0.1:0" }, { SATCHEL_LOG_LEVEL: "silent" });
}

const user = (name: string) => ({
  name,
  email: `${name}@example.org`,
  password: passwordOf(name),
  isAdmin: false,
  quotaBytes: null,
});

async function signIn(url: string, name: string, password = passwordOf(name)): Promise<TestDevice> {
  const { body } = await call<LoginResponse>(`${url}/v1/auth/login`, "POST", {
    json: { user: name, password, device_name: "test" },
  });
  return new TestDevice(url, body);
}

test("[AP60] a second server on a directory refuses to start, until the first has stopped", async (t) => {
  const config = await newConfig(t);
  const first = await startServer(config);
  t.after(() => first.stop());
  await assert.rejects(
    startServer(config),
    (error) => error instanceof DirectoryInUseError && /another Satchel server already uses/.test(error.message),
  );
  assert.equal((await call(`${first.url}/healthz`, "GET")).status, 200);
  await first.stop();
  const second = await startServer(config);
  await second.stop();
});

test("[AP60] after a server was killed the next one starts, and everything is there", async (t) => {
  const config = await newConfig(t);
  await addUser(config, user("ann"));
  const program = fileURLToPath(new URL("./serve-until-killed.fixture.ts", import.meta.url));
  const child = spawn(process.execPath, [program, config.dataPath], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const ann = await signIn(line.toString().trim(), "ann");
  const { id } = await ann.putFile("a.txt", "acknowledged");
  await assert.rejects(startServer(config), DirectoryInUseError);
  child.kill("SIGKILL");
  await once(child, "exit");
  const server = await startServer(config);
  t.after(() => server.stop());
  const again = new TestDevice(server.url, ann.login);
  assert.equal(Buffer.from((await again.get(`/v1/files/content?file_id=${id}`)).bytes).toString(), "acknowledged");
});

test("[AP60] keys are made once, and only their owner may read them", async (t) => {
  const config = await newConfig(t);
  await (await startServer(config)).stop();
  for (const name of await readdir(`${config.dataPath}/keys`)) {
    assert.equal((await stat(`${config.dataPath}/keys/${name}`)).mode & 0o777, 0o600, name);
  }
  assert.deepEqual((await readdir(`${config.dataPath}/keys`)).toSorted(), ["master.key", "signing.key"]);
});

test("[AP30] what was announced is committed after a restart", async (t) => {
  const config = await newConfig(t);
  await addUser(config, user("ann"));
  const first = await startServer(config);
  const ann = await signIn(first.url, "ann");
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const { body } = await ann.post<{ file_id: string }>("/v1/files/upload_request", {
    parent_folder_id: "root",
    file_name: "empty",
    file_size: 0,
    chunk_hashes: [],
  });
  await first.stop();
  const second = await startServer(config);
  t.after(() => second.stop());
  const committed = await new TestDevice(second.url, ann.login).post("/v1/files/commit", {
    file_id: body.file_id,
    version_hash: empty,
    chunk_hashes: [],
  });
  assert.equal(committed.status, 200);
});

test("[AP61] a stop ends connections and polls, finishes what is under way, and takes nothing new", async (t) => {
  const config = await newConfig(t);
  await addUser(config, user("ann"));
  const server = await startServer(config);
  t.after(() => server.stop());
  const ann = await signIn(server.url, "ann");
  const socket = await ann.listen(t);
  const poll = ann.get<{ events: unknown[] }>(`/v1/sync/poll?timeout=55&cursor=${await ann.cursor()}`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const startedMs = Date.now();
  await server.stop();
  // Long before the poll would have ended by itself.
  assert.ok(Date.now() - startedMs < 30_000);
  assert.equal(await socket.closed, 1001);
  assert.deepEqual((await poll).body.events, []);
  await assert.rejects(call(`${server.url}/healthz`, "GET"));
});

test("[AP63] admin commands work beside a running server and without one", async (t) => {
  const config = await newConfig(t);
  await addUser(config, user("ann"));
  await assert.rejects(addUser(config, user("ANN")), { code: "account_exists" });
  await assert.rejects(addUser(config, { ...user("bob"), password: "short" }), { code: "bad_request" });
  await assert.rejects(addUser(config, { ...user("b/b") }), { code: "bad_request" });
  const server = await startServer(config);
  t.after(() => server.stop());
  await addUser(config, { ...user("bob"), isAdmin: true, quotaBytes: 1000 });
  assert.deepEqual(
    (await listUsers(config)).map(({ name, isAdmin, quotaBytes, disabled }) => [name, isAdmin, quotaBytes, disabled]),
    [
      ["ann", false, null, false],
      ["bob", true, 1000, false],
    ],
  );
  const joinCode = await createJoinCode(config, "ann");
  const joined = await call<LoginResponse>(`${server.url}/v1/auth/join`, "POST", {
    json: { secret: joinCode.secret, device_name: "second" },
  });
  assert.equal(joined.status, 200);
  await setUserPassword(config, "ann", "another password");
  assert.equal((await signIn(server.url, "ann", "another password")).login.user, "ann");
  await disableUser(config, "bob");
  const refused = await call(`${server.url}/v1/auth/login`, "POST", {
    json: { user: "bob", password: passwordOf("bob"), device_name: "d" },
  });
  assert.equal(refused.body.code, "wrong_credentials");
  await disableUser(config, "bob", false);
  assert.equal((await signIn(server.url, "bob")).login.user, "bob");
  await assert.rejects(disableUser(config, "nobody"), { code: "not_found" });
});

test("[AP64] a check finds nothing wrong in a healthy store, also beside the running server", async (t) => {
  const config = await newConfig(t);
  await assert.rejects(checkStore(config), { name: "ServerConfigError" }, "where nothing was ever stored");
  await addUser(config, user("ann"));
  assert.equal((await checkStore(config)).ok, true);
  const server = await startServer(config);
  t.after(() => server.stop());
  const ann = await signIn(server.url, "ann");
  await ann.putFile("a.txt", "first");
  await ann.putFile("b.txt", "second");
  const report = await checkStore(config);
  assert.deepEqual([report.ok, report.problems], [true, []]);
  assert.equal(report.checked["chunks"], 2);
  assert.equal(report.checked["workspaces"], 1);
});

test("[AP64] a check finds lost chunks", async (t) => {
  const config = await newConfig(t);
  await addUser(config, user("ann"));
  const server = await startServer(config);
  await (await signIn(server.url, "ann")).putFile("a.txt", "soon lost");
  await server.stop();
  await rm(`${config.dataPath}/chunks`, { recursive: true });
  const report = await checkStore(config);
  assert.deepEqual([report.ok, report.problems.map(({ code }) => code)], [false, ["chunk_missing"]]);
});

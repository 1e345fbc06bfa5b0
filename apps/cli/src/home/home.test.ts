import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { findHome } from "./home.ts";
import { findLogin, removeLogin, saveLogin, tokenStoreOf } from "./login-file.ts";
import { loginOf } from "./login-of.ts";
import type { Login } from "./login-file.ts";
import { findSyncRecord } from "./sync-record.ts";

const login = loginOf(
  {
    access_token: "access",
    expires_in: 900,
    refresh_token: "refresh",
    account_id: "account",
    user: "ada",
    device_id: "device",
    workspace_id: "aaaaaaaaaaaaaaaa",
  } as unknown as Parameters<typeof loginOf>[0],
  { serverUrl: "http://server", deviceName: "laptop", nowMs: 1000 },
);

test("[CL8] --home goes before the environment, and that before the platform's place", () => {
  const cwd = "/somewhere";
  assert.equal(findHome({ home: "mine", env: { SATCHEL_HOME: "/env" }, cwd }).path, "/somewhere/mine");
  assert.equal(findHome({ home: undefined, env: { SATCHEL_HOME: "/env" }, cwd }).path, "/env");
  assert.match(findHome({ home: undefined, env: {}, cwd }).path, /satchel/);
  assert.match(findHome({ home: undefined, env: { SATCHEL_HOME: "" }, cwd }).path, /satchel/);
});

test("[CL8] a login is kept for its owner only, and gone after it is removed", async () => {
  await using directory = await temporaryDirectory("home");
  const home = findHome({ home: directory.join("deep", "home"), env: {}, cwd: "/" });
  assert.equal(await findLogin(home), undefined);
  await saveLogin(home, login);
  assert.deepEqual({ ...(await findLogin(home)), format: undefined }, { ...login, format: undefined });
  assert.equal((await stat(home.path)).mode & 0o777, 0o700);
  assert.equal((await stat(home.loginFile)).mode & 0o777, 0o600);
  await removeLogin(home);
  assert.equal(await findLogin(home), undefined);
});

test("a login file of another format is told, not taken for none", async () => {
  await using directory = await temporaryDirectory("home");
  const home = findHome({ home: directory.path, env: {}, cwd: "/" });
  await saveLogin(home, { ...login, tokens: {} } as unknown as Login);
  await assert.rejects(findLogin(home), { name: "CommandError", exitCode: 1 });
});

test("[CL11] the tokens of a home are changed by one at a time", async () => {
  await using directory = await temporaryDirectory("home");
  const home = findHome({ home: directory.path, env: {}, cwd: "/" });
  await saveLogin(home, login);
  const [one, two] = [tokenStoreOf(home), tokenStoreOf(home)];
  let inside = 0;
  let most = 0;
  const add = async (store: typeof one): Promise<void> =>
    store.exclusively(async () => {
      most = Math.max(most, ++inside);
      const tokens = await store.load();
      await store.save({ accessToken: `${tokens?.accessToken ?? ""}+`, refreshToken: "next", expiresAtMs: 1 });
      inside--;
    });
  await Promise.all([add(one), add(two), add(one), add(two)]);
  assert.equal(most, 1);
  assert.equal((await findLogin(home))?.tokens.accessToken, "access++++");
  assert.equal((await findLogin(home))?.user, "ada");
});

test("a record that can't be read counts as none", async () => {
  await using directory = await temporaryDirectory("home");
  assert.equal(await findSyncRecord(findHome({ home: directory.path, env: {}, cwd: "/" })), undefined);
});

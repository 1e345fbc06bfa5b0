import assert from "node:assert/strict";
import { test } from "node:test";
import type { LoginResponse } from "@satchel/protocol";
import { call, passwordOf, startTestServer, TestDevice } from "../../test-server.fixture.ts";

test("[AP10] a login gives tokens that work", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { body, status } = await ann.get<Record<string, unknown>>("/v1/account");
  assert.equal(status, 200);
  assert.equal(body["user"], "ann");
  assert.equal(body["workspace_id"], ann.login.workspace_id);
  assert.equal(body["used_bytes"], 0);
});

test("[AP10] a wrong password, an unknown name and a disabled account get the same answer", async (t) => {
  const server = await startTestServer(t);
  await server.signUp("ann");
  await server.signUp("bob");
  await server.core.accounts.setDisabled("bob", true);
  const login = (user: string, password: string) =>
    call(`${server.url}/v1/auth/login`, "POST", { json: { user, password, device_name: "d" } });
  const answers = [await login("ann", "wrong"), await login("nobody", "wrong"), await login("bob", passwordOf("bob"))];
  for (const { status, body } of answers) {
    assert.deepEqual(
      [status, body.code, body.detail],
      [401, "wrong_credentials", "The user name or password is wrong"],
    );
  }
});

test("[AP11] an access token expires after 10 minutes, and an invented one is none", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  assert.equal(ann.login.expires_in, 600);
  server.moveClock(599_000);
  assert.equal((await ann.get("/v1/account")).status, 200);
  server.moveClock(2000);
  assert.deepEqual((await ann.get("/v1/account")).body.code, "token_expired");
  const [kind = "", payload = "", mac = ""] = ann.login.access_token.split(".");
  const forged = Buffer.from(
    Buffer.from(payload, "base64url")
      .toString()
      .replace(/\d{13}/, "9999999999999"),
  ).toString("base64url");
  for (const token of [
    `${kind}.${forged}.${mac}`,
    `${kind}.${payload}.`,
    `${kind}.${payload}.${mac}.x`,
    "x",
    "a".repeat(5000),
  ]) {
    const answer = await call(`${server.url}/v1/account`, "GET", { headers: { authorization: `Bearer ${token}` } });
    assert.deepEqual([answer.status, answer.body.code], [401, "unauthenticated"]);
  }
  assert.equal(
    (await call(`${server.url}/v1/account`, "GET", { headers: { authorization: "Basic YTpi" } })).body.code,
    "unauthenticated",
  );
});

test("[AP12] a refresh token gives the next one; a lost answer may be asked again; an old one revokes the device", async (t) => {
  const server = await startTestServer(t);
  const { login } = await server.signUp("ann");
  const refresh = (token: string) =>
    call<LoginResponse & { code: string }>(`${server.url}/v1/auth/refresh`, "POST", { json: { refresh_token: token } });
  const first = await refresh(login.refresh_token);
  const repeated = await refresh(login.refresh_token);
  assert.equal(first.body.refresh_token, repeated.body.refresh_token);
  assert.notEqual(first.body.refresh_token, login.refresh_token);
  const second = await refresh(first.body.refresh_token);
  const device = new TestDevice(server.url, second.body);
  assert.equal((await device.get("/v1/account")).status, 200);
  assert.deepEqual((await refresh(login.refresh_token)).body.code, "login_revoked");
  assert.equal((await device.get("/v1/account")).body.code, "login_revoked");
  assert.equal((await refresh(second.body.refresh_token)).body.code, "login_revoked");
  assert.equal((await refresh("unheard of")).body.code, "wrong_credentials");
});

test("[AP13] a join code signs one device in, within 10 minutes", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const join = (secret: string) =>
    call<LoginResponse & { code: string }>(`${server.url}/v1/auth/join`, "POST", {
      json: { secret, device_name: "second" },
    });
  const code = (await ann.post<{ secret: string }>("/v1/auth/join_codes", {})).body;
  const joined = await join(code.secret);
  assert.equal(joined.body.account_id, ann.login.account_id);
  assert.notEqual(joined.body.device_id, ann.login.device_id);
  assert.equal((await join(code.secret)).body.code, "wrong_credentials");
  const late = (await ann.post<{ secret: string }>("/v1/auth/join_codes", {})).body;
  server.moveClock(600_001);
  assert.equal((await join(late.secret)).body.code, "wrong_credentials");
});

test("[AP14] a revoked device's next request is refused, and its connections end", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const second = await server.signIn("ann");
  const socket = await second.listen(t);
  await second.listen(t);
  const { body } = await ann.get<{ devices: { device_id: string; current: boolean; connected: boolean }[] }>(
    "/v1/devices",
  );
  assert.equal(body.devices.length, 2);
  assert.equal(body.devices.find((device) => device.connected)?.device_id, second.login.device_id);
  assert.equal(body.devices.find((device) => device.current)?.device_id, ann.login.device_id);
  assert.equal((await second.get("/v1/account")).status, 200);
  const revoked = await call(`${server.url}/v1/devices/${second.login.device_id}`, "DELETE", {
    headers: ann.authorization,
  });
  assert.equal(revoked.status, 200);
  assert.equal((await second.get("/v1/account")).body.code, "login_revoked");
  assert.equal(await socket.closed, 4401);
  assert.equal((await ann.get<{ devices: unknown[] }>("/v1/devices")).body.devices.length, 1);
});

test("[AP14] signing out ends this device's login", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  assert.equal((await call(`${server.url}/v1/auth/logout`, "POST", { headers: ann.authorization })).status, 200);
  assert.equal((await ann.get("/v1/account")).body.code, "login_revoked");
});

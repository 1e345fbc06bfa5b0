import assert from "node:assert/strict";
import { test } from "node:test";
import type { LoginResponse, Problem } from "@satchel/protocol";
import { generate } from "otplib";
import { call, passwordOf, startTestServer, type TestServer } from "../../test-server.fixture.ts";

interface Listed {
  readonly devices: { device_id: string; kind: string; name: string; scopes: string[] | null }[];
}

const login = (server: TestServer, user: string, change: Record<string, string> = {}) =>
  call<LoginResponse & Problem>(`${server.url}/v1/auth/login`, "POST", {
    json: { user, password: passwordOf(user), device_name: "d", ...change },
  });

/** Gives the account an authenticator app; answers what makes its codes, and the recovery codes. */
async function addApp(server: TestServer, user: string) {
  const { factors } = server.core.people;
  const { id, name } = await server.core.accounts.find(user);
  const { secret } = await factors.totp.begin({ id, name }, "Satchel");
  const code = () => generate({ secret, epoch: Math.floor(server.nowMs() / 1000) });
  const confirmed = await factors.confirmTotp(id, await code());
  server.moveClock(31_000);
  return { code, recoveryCodes: confirmed?.recoveryCodes ?? assert.fail("the code was refused") };
}

test("[ID23] with an authenticator app, a password needs a code, which works once", async (t) => {
  const server = await startTestServer(t);
  await server.signUp("ann");
  const { code } = await addApp(server, "ann");
  assert.deepEqual(
    [(await login(server, "ann")).status, (await login(server, "ann")).body.code],
    [401, "second_factor_required"],
  );
  const wrong = await login(server, "ann", { otp: "000000", password: "wrong" });
  assert.equal(wrong.body.code, "wrong_credentials");
  const otp = await code();
  assert.equal((await login(server, "ann", { otp })).status, 200);
  assert.equal((await login(server, "ann", { otp })).body.code, "wrong_credentials");
  server.moveClock(31_000);
  assert.equal((await login(server, "ann", { otp: await code() })).status, 200);
});

test("[ID23] a recovery code stands in for the app, once; without its dashes, too", async (t) => {
  const server = await startTestServer(t);
  await server.signUp("ann");
  const { recoveryCodes } = await addApp(server, "ann");
  assert.equal(recoveryCodes.length, 10);
  const [first = "", second = ""] = recoveryCodes;
  assert.match(first, /^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
  assert.equal((await login(server, "ann", { otp: first })).status, 200);
  assert.equal((await login(server, "ann", { otp: first })).body.code, "wrong_credentials");
  assert.equal((await login(server, "ann", { otp: second.replaceAll("-", "").toUpperCase() })).status, 200);
});

test("[ID11] a password and a code can be guessed a few times only, also by many requests at once", async (t) => {
  const server = await startTestServer(t);
  await server.signUp("ann");
  await addApp(server, "ann");
  const guesses = await Promise.all(
    Array.from({ length: 20 }, (_, i) => login(server, "ann", { otp: String(100_000 + i) })),
  );
  const refused = guesses.filter(({ status }) => status === 429);
  assert.ok(refused.length >= 15);
  assert.ok(refused.every(({ headers }) => Number(headers.get("retry-after")) >= 1));
  await server.signUp("bob");
  const passwords = await Promise.all(Array.from({ length: 12 }, () => login(server, "bob", { password: "guess" })));
  assert.ok(passwords.filter(({ status }) => status === 429).length >= 7);
});

test("[ID7] an app password opens what its scopes say, to its own account, until it is revoked", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  await server.signUp("bob");
  const request = { name: "Backup", scopes: ["files.read"], password: passwordOf("ann") };
  assert.equal((await ann.post("/v1/app_passwords", { ...request, password: "x" })).body.code, "wrong_credentials");
  const { body } = await ann.post<{ device_id: string; password: string }>("/v1/app_passwords", request);
  const as = (user: string, password: string, path: string, method = "GET") => {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    return call<Problem>(server.url + path, method, { headers: { authorization } });
  };
  const files = "/v1/files/metadata?folder_id=root";
  assert.equal((await as("ann", body.password, files)).status, 200);
  assert.equal((await as("Ann", body.password.replaceAll("-", ""), files)).status, 200);
  assert.equal((await as("bob", body.password, files)).body.code, "unauthenticated");
  assert.equal((await as("ann", passwordOf("ann"), files)).body.code, "unauthenticated");
  assert.equal((await as("ann", body.password, "/v1/account")).body.code, "forbidden");
  assert.equal((await as("ann", body.password, `/v1/devices/${body.device_id}`, "DELETE")).body.code, "forbidden");
  assert.equal((await as("ann", body.password, "/v1/auth/device", "POST")).body.code, "forbidden");
  const listed = (await ann.get<Listed>("/v1/devices")).body.devices.find(({ kind }) => kind === "app_password");
  assert.deepEqual([listed?.name, listed?.scopes], ["Backup", ["files.read"]]);
  await call(`${server.url}/v1/devices/${body.device_id}`, "DELETE", { headers: ann.authorization });
  assert.equal((await as("ann", body.password, files)).body.code, "login_revoked");
});

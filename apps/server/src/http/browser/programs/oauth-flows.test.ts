import assert from "node:assert/strict";
import { test } from "node:test";
import type { LoginResponse, Problem } from "@satchel/protocol";
import * as oauth from "openid-client";
import { call, passwordOf, startTestServer, type TestServer } from "../../test-server.fixture.ts";
import { TestBrowser } from "../test-browser.fixture.ts";

const redirectUri = "http://127.0.0.1:1/callback";

/** A program of others, and the standard client that it is. */
async function startProgram(server: TestServer, clientId = "reader") {
  await server.metadata.oauth.addClient({ id: clientId, name: "Reader", redirectUris: [redirectUri], createdAtMs: 1 });
  return await discover(server, clientId);
}

function discover(server: TestServer, clientId: string): Promise<oauth.Configuration> {
  return oauth.discovery(new URL(server.url), clientId, undefined, oauth.None(), {
    // oxlint-disable-next-line typescript/no-deprecated
    execute: [oauth.allowInsecureRequests],
  });
}

async function beginCode(config: oauth.Configuration, parameters: Record<string, string> = {}) {
  const verifier = oauth.randomPKCECodeVerifier();
  const address = oauth.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: "openid profile offline_access files.read",
    state: "the state",
    prompt: "consent",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...parameters,
  });
  const finish = (callback: URL) =>
    oauth.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: "the state" });
  return { address: address.href, finish };
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test("[ID32] a standard client gets tokens by code and PKCE, after the person signed in and allowed it", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const config = await startProgram(server);
  const { address, finish } = await beginCode(config);
  const browser = new TestBrowser(server.url);
  const signIn = await browser.open(address);
  assert.match(signIn.text, /to continue to Reader/);
  const consent = await browser.submit({ user: "ann", password: passwordOf("ann") });
  assert.match(consent.text, /Reader asks for access/);
  assert.match(consent.text, /see and download all your files/);
  assert.match(consent.headers.get("content-security-policy") ?? "", /form-action 'self' http:\/\/127\.0\.0\.1:1;/);
  const { url } = await browser.submit({ answer: "allow" });
  assert.equal(url.origin + url.pathname, redirectUri);
  const tokens = await finish(url);
  assert.equal(tokens.expires_in, 600);
  assert.equal(tokens.claims()?.sub, ann.login.account_id);
  assert.equal(tokens.claims()?.["preferred_username"], "ann");
  const files = await call(`${server.url}/v1/files/metadata?folder_id=root`, "GET", bearer(tokens.access_token));
  assert.equal(files.status, 200);
  const beyond = await call<Problem>(`${server.url}/v1/account`, "GET", bearer(tokens.access_token));
  assert.equal(beyond.body.code, "forbidden");
});

test("[ID32] a code without PKCE, to another address, or used twice is no good", async (t) => {
  const server = await startTestServer(t);
  await server.signUp("ann");
  const config = await startProgram(server);
  const browser = new TestBrowser(server.url);
  const plain = new URL((await beginCode(config)).address);
  plain.searchParams.delete("code_challenge");
  plain.searchParams.delete("code_challenge_method");
  assert.match((await browser.open(plain.href)).url.searchParams.get("error") ?? "", /invalid_request/);
  const elsewhere = new URL((await beginCode(config)).address);
  elsewhere.searchParams.set("redirect_uri", "https://evil.example.org/");
  const refused = await browser.open(elsewhere.href);
  assert.deepEqual([refused.status, refused.url.origin], [400, server.url]);
  const { address, finish } = await beginCode(config);
  await browser.open(address);
  await browser.submit({ user: "ann", password: passwordOf("ann") });
  const { url } = await browser.submit({ answer: "allow" });
  const tokens = await finish(url);
  await assert.rejects(finish(url), { error: "invalid_grant" });
  // A code that comes twice was stolen: what it gave before is over, too.
  const after = await call<Problem>(
    `${server.url}/v1/files/metadata?folder_id=root`,
    "GET",
    bearer(tokens.access_token),
  );
  assert.equal(after.body.code, "login_revoked");
});

test("[ID33] a refresh token is exchanged once; an old one ends the program's login", async (t) => {
  const server = await startTestServer(t);
  await server.signUp("ann");
  const config = await startProgram(server);
  const { first, browser } = await allow(server, config);
  const second = await oauth.refreshTokenGrant(config, first.refresh_token ?? assert.fail());
  assert.notEqual(second.refresh_token, first.refresh_token);
  const files = `${server.url}/v1/files/metadata?folder_id=root`;
  assert.equal((await call(files, "GET", bearer(second.access_token))).status, 200);
  await assert.rejects(oauth.refreshTokenGrant(config, first.refresh_token ?? ""), { error: "invalid_grant" });
  await assert.rejects(oauth.refreshTokenGrant(config, second.refresh_token ?? ""), { error: "invalid_grant" });
  assert.equal((await call<Problem>(files, "GET", bearer(second.access_token))).body.code, "login_revoked");
  assert.equal((await browser.open("/account")).status, 200);
});

test("[ID33] revoking the token, or the program in the list of devices, ends it at the next request", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const config = await startProgram(server);
  const files = `${server.url}/v1/files/metadata?folder_id=root`;
  const { first } = await allow(server, config);
  assert.equal((await call(files, "GET", bearer(first.access_token))).status, 200);
  await oauth.tokenRevocation(config, first.refresh_token ?? assert.fail());
  assert.equal((await call<Problem>(files, "GET", bearer(first.access_token))).body.code, "login_revoked");
  const { first: other } = await allow(server, config);
  assert.equal((await call(files, "GET", bearer(other.access_token))).status, 200);
  const { devices } = (await ann.get<{ devices: { device_id: string; kind: string; name: string }[] }>("/v1/devices"))
    .body;
  const program = devices.find(({ kind }) => kind === "oauth") ?? assert.fail();
  assert.equal(program.name, "Reader");
  await call(`${server.url}/v1/devices/${program.device_id}`, "DELETE", { headers: ann.authorization });
  assert.equal((await call<Problem>(files, "GET", bearer(other.access_token))).body.code, "login_revoked");
  await assert.rejects(oauth.refreshTokenGrant(config, other.refresh_token ?? ""), { error: "invalid_grant" });
});

test("[ID34] a device shows a code, the person confirms it in a browser, and the device is signed in", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const config = await discover(server, "satchel-cli");
  const begun = await oauth.initiateDeviceAuthorization(config, {
    scope: "openid device.sign_in",
    device_name: "Laptop <1>",
  });
  assert.equal(begun.verification_uri, `${server.url}/device`);
  const browser = new TestBrowser(server.url);
  await browser.open(`/device?code=${begun.user_code}`);
  const confirm = await browser.submit({});
  assert.match(confirm.text, /Laptop &#60;1&#62;/);
  assert.ok(confirm.text.includes(begun.user_code));
  await browser.submit({ confirm: "yes" });
  const done = await browser.submit({ user: "ann", password: passwordOf("ann") });
  assert.match(done.text, /Go back to your device/);
  const tokens = await oauth.pollDeviceAuthorizationGrant(config, { ...begun, interval: 0 });
  const adopt = () => call<LoginResponse>(`${server.url}/v1/auth/device`, "POST", bearer(tokens.access_token));
  const files = `${server.url}/v1/files/metadata?folder_id=root`;
  assert.equal((await call<Problem>(files, "GET", bearer(tokens.access_token))).body.code, "forbidden");
  const login = await adopt();
  assert.deepEqual([login.status, login.body.account_id], [200, ann.login.account_id]);
  assert.equal((await adopt()).body.refresh_token, login.body.refresh_token);
  assert.equal((await call(files, "GET", bearer(login.body.access_token))).status, 200);
  const json = { refresh_token: login.body.refresh_token };
  const refreshed = await call<LoginResponse>(`${server.url}/v1/auth/refresh`, "POST", { json });
  assert.equal(refreshed.body.device_id, login.body.device_id);
  assert.equal((await adopt()).status, 401);
});

test("[ID34] a code that is wrong, that the person refused, or that was confirmed already connects nothing", async (t) => {
  const server = await startTestServer(t);
  await server.signUp("ann");
  const config = await discover(server, "satchel-cli");
  const begun = await oauth.initiateDeviceAuthorization(config, { scope: "openid device.sign_in" });
  const browser = new TestBrowser(server.url);
  await browser.open("/device");
  const unknown = await browser.submit({ user_code: "BBBB-BBBB" });
  assert.equal(unknown.status, 400);
  assert.match(unknown.text, /There is no such code/);
  await browser.submit({ user_code: begun.user_code });
  const refused = await browser.submit({ abort: "yes" });
  assert.match(refused.text, /was not connected/);
  const poll = oauth.pollDeviceAuthorizationGrant(config, { ...begun, interval: 0 });
  await assert.rejects(poll, { error: "access_denied" });
});

test("[ID35] what was denied gives nothing, and nobody gets more than their client may ask for", async (t) => {
  const server = await startTestServer(t);
  await server.signUp("ann");
  const config = await startProgram(server);
  const browser = new TestBrowser(server.url);
  await browser.open((await beginCode(config)).address);
  await browser.submit({ user: "ann", password: passwordOf("ann") });
  const denied = await browser.submit({ answer: "deny" });
  assert.equal(denied.url.searchParams.get("error"), "access_denied");
  const greedy = await beginCode(config, { scope: "openid files.read account.manage server.manage device.sign_in" });
  const consent = await browser.open(greedy.address);
  assert.match(consent.text, /see and download all your files/);
  assert.doesNotMatch(consent.text, /manage|sign_in/);
  const { url } = await browser.submit({ answer: "allow" });
  const { access_token: token } = await greedy.finish(url);
  const adopted = await call<Problem>(`${server.url}/v1/auth/device`, "POST", bearer(token));
  assert.equal(adopted.body.code, "forbidden");
  const made = await call<Problem>(`${server.url}/v1/auth/join_codes`, "POST", bearer(token));
  assert.equal(made.body.code, "forbidden");
});

test("[ID35] a program that wants a new proof gets one, whoever is signed in", async (t) => {
  const server = await startTestServer(t);
  await server.signUp("ann");
  const config = await startProgram(server);
  const { browser } = await allow(server, config);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const again = await browser.open((await beginCode(config, { prompt: "login consent" })).address);
  assert.match(again.text, /prove it once more/);
  const consent = await browser.submit({ user: "ann", password: passwordOf("ann") });
  assert.match(consent.text, /asks for access/);
});

/** Signs ann in with a browser, and lets the program in. */
async function allow(server: TestServer, config: oauth.Configuration) {
  const { address, finish } = await beginCode(config);
  const browser = new TestBrowser(server.url);
  await browser.open(address);
  await browser.submit({ user: "ann", password: passwordOf("ann") });
  const { url } = await browser.submit({ answer: "allow" });
  return { first: await finish(url), browser };
}

import assert from "node:assert/strict";
import { test } from "node:test";
import type { SignedInBrowser, SignInWays } from "@satchel/protocol";
import { call, passwordOf, startTestServer } from "../../test-server.fixture.ts";

test("[ID66] the ways into an account are shown, and none of their secrets", async (t) => {
  const server = await startTestServer(t);
  const device = await server.signUp("ann");
  const { status, body } = await device.get<SignInWays>("/v1/account/sign_in");
  assert.equal(status, 200);
  assert.deepEqual(body, {
    email: "ann@example.org",
    email_confirmed: true,
    has_password: true,
    authenticator_app: false,
    recovery_codes_left: 0,
    passkeys: [],
    linked: [],
  });
});

test("[ID66] browsers are listed by what they are, and one that is ended there is signed out at once; others' stay", async (t) => {
  const server = await startTestServer(t);
  const device = await server.signUp("ann");
  const stranger = await server.signUp("sam");
  const form = new URLSearchParams({ user: "ann", password: passwordOf("ann") });
  const signIn = await fetch(`${server.url}/sign-in`, {
    method: "POST",
    body: form,
    redirect: "manual",
    headers: { "sec-fetch-site": "same-origin", "user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0" },
  });
  const cookie = signIn.headers
    .getSetCookie()
    .map((text) => text.split(";")[0])
    .join("; ");
  const look = () => fetch(`${server.url}/account`, { headers: { cookie }, redirect: "manual" });
  assert.equal((await look()).status, 200);
  const list = async () => (await device.get<{ browsers: SignedInBrowser[] }>("/v1/browsers")).body.browsers;
  const [browser] = await list();
  assert.ok(browser);
  assert.match(browser.name, /Firefox/);
  const end = (headers: Record<string, string>) =>
    call(`${server.url}/v1/browsers/${browser.browser_id}`, "DELETE", { headers });
  await end(stranger.authorization);
  assert.equal((await look()).status, 200);
  assert.equal((await end(device.authorization)).status, 200);
  assert.equal((await look()).status, 303);
  assert.deepEqual(await list(), []);
});

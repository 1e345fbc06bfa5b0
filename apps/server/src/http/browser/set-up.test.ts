import assert from "node:assert/strict";
import { get } from "node:http";
import { text } from "node:stream/consumers";
import { test, type TestContext } from "node:test";
import { passwordOf, startTestServer } from "../test-server.fixture.ts";
import { TestBrowser } from "./test-browser.fixture.ts";

const setUpCode = "abcd-efgh-ijkl-mnop";
const form = { name: "ann", email: "ann@example.org", password: "correct horse battery" };

/** Behind a proxy, which tells that the request is somebody else's. */
class DistantBrowser extends TestBrowser {
  override fetch(url: URL, sent?: URLSearchParams): Promise<Response> {
    return super.fetch(url, sent, { "x-forwarded-for": "203.0.113.7" });
  }
}

/** The set-up page, asked for by another name of this machine. */
async function textAt(port: number, host: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  get({ host: "127.0.0.1", port, path: "/set-up", headers: { host } }, (response) => {
    text(response).then(resolve, reject);
  }).on("error", reject);
  return promise;
}

async function startEmpty(t: TestContext) {
  return startTestServer(t, { setUpCode });
}

test("[ID80] a server without accounts shows the set-up page, which makes its administrator, and then never again", async (t) => {
  const server = await startEmpty(t);
  const browser = new TestBrowser(server.url);
  const first = await browser.open("/");
  assert.equal(first.url.pathname, "/set-up");
  assert.doesNotMatch(first.text, /name="code"/);
  const wrong = await browser.submit({ ...form, password: "password" });
  assert.equal(wrong.status, 400);
  const home = await browser.submit(form);
  assert.deepEqual([home.status, home.url.pathname], [200, "/account"]);
  const [account] = await server.core.accounts.list();
  assert.deepEqual([account?.name, account?.isAdmin, account?.emailConfirmed], ["ann", true, true]);
  const later = new TestBrowser(server.url);
  assert.equal((await later.open("/set-up")).url.pathname, "/sign-in");
  const { records } = await server.core.audit.list({ accountId: account?.id, cursor: undefined, limit: undefined });
  assert.ok(records.some(({ action, detail }) => action === "account_created" && detail["by"] === "set-up"));
});

test("[ID81] from elsewhere the set-up asks for the code that the server printed, and wrong ones get slower", async (t) => {
  const server = await startEmpty(t);
  const stranger = new DistantBrowser(server.url);
  assert.match((await stranger.open("/set-up")).text, /name="code"/);
  for (const code of ["", "aaaa-bbbb", "abcd-efgh-ijkl-mno", "abcd", "x"])
    assert.equal((await stranger.submit({ ...form, code })).status, 400, code);
  assert.deepEqual(await server.core.accounts.list(), []);
  await stranger.open("/set-up");
  assert.equal((await stranger.submit({ ...form, code: "y" })).status, 429);
  const owner = new DistantBrowser(server.url);
  await owner.open("/set-up");
  assert.equal((await owner.submit({ ...form, code: "ABCD EFGH ijklmnop" })).status, 200);
});

test("[ID81] another name that leads to this machine is elsewhere, and so is a server that has a public address", async (t) => {
  const server = await startEmpty(t);
  const { port } = new URL(server.url);
  const answer = await textAt(Number(port), `rebound.example:${port}`);
  assert.match(answer, /name="code"/);
  const known = await startTestServer(t, { setUpCode, publicUrl: "https://satchel.example.org" });
  assert.match(await (await fetch(`${known.url}/set-up`)).text(), /name="code"/);
});

test("[ID80] of many who set up at once, one becomes the administrator", async (t) => {
  const server = await startEmpty(t);
  const tries = ["ann", "bob", "cleo", "dan"].map((name) =>
    server.core.people.firstRun.begin(
      { name, email: `${name}@example.org`, password: "correct horse battery", code: "" },
      { isAtServer: true },
    ),
  );
  const made = (await Promise.all(tries)).filter((one) => one !== undefined);
  assert.equal(made.length, 1);
  assert.equal((await server.core.accounts.list()).length, 1);
});

test("[ID80] a server with an account, whoever made it, has no set-up page", async (t) => {
  const server = await startEmpty(t);
  await server.signUp("ann");
  const browser = new TestBrowser(server.url);
  assert.equal((await browser.open("/set-up")).url.pathname, "/sign-in");
  const home = await browser.submit({ user: "ann", password: passwordOf("ann") });
  assert.equal(home.status, 200);
  assert.equal(await server.core.people.firstRun.begin({ ...form, code: setUpCode }, { isAtServer: true }), undefined);
});

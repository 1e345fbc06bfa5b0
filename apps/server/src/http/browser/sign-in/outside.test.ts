import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { Provider } from "oidc-provider";
import { passwordOf, startTestServer, type TestServer } from "../../test-server.fixture.ts";
import { TestBrowser } from "../test-browser.fixture.ts";

/** Another OpenID provider, where everybody is who they say they are. */
async function startOutsideProvider(t: TestContext) {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const redirects: string[] = [];
  /** The client is known before the server that it is has a port. */
  const register = (base: string): void => {
    redirects.push(`${base}/sign-in/outside/done`);
    const provider = new Provider(issuer, {
      clients: [{ client_id: "satchel", client_secret: "secret", redirect_uris: redirects }],
      claims: { openid: ["sub"], profile: ["preferred_username", "email", "email_verified"] },
      conformIdTokenClaims: false,
      findAccount: async (_context, sub) => ({
        accountId: sub,
        // It says that everybody has ann's address.
        claims: async () => ({ sub, preferred_username: sub, email: "ann@example.org", email_verified: true }),
      }),
    });
    const answer = provider.callback();
    server.on("request", (request, response) => void answer(request, response).catch(assert.ifError));
  };
  return { issuer, register };
}

async function startBoth(t: TestContext) {
  const outside = await startOutsideProvider(t);
  const outsideProvider = { name: "Home", issuer: outside.issuer, clientId: "satchel", clientSecret: "secret" };
  const server = await startTestServer(t, { outsideProvider });
  outside.register(server.url);
  await server.signUp("ann");
  return { server, issuer: outside.issuer };
}

/** Goes to the other provider and proves to be `who` there; answers the address with which it sends the browser back. */
async function visitOutside(issuer: string, address: URL, who: string): Promise<URL> {
  const browser = new TestBrowser(issuer);
  await browser.open(address.href);
  if (browser.page?.text.includes('name="login"')) await browser.submit({ login: who, password: "x" });
  const { url } = await browser.submit({});
  return url;
}

async function signInByPassword(server: TestServer, user: string): Promise<TestBrowser> {
  const browser = new TestBrowser(server.url);
  await browser.open("/sign-in");
  await browser.submit({ user, password: passwordOf(user) });
  return browser;
}

async function link(server: TestServer, issuer: string, user: string, who: string): Promise<TestBrowser> {
  const browser = await signInByPassword(server, user);
  const { url } = await browser.open("/sign-in/outside?link=1");
  await browser.open((await visitOutside(issuer, url, who)).href);
  return browser;
}

test("[ID70] an identity that its owner linked signs in, with the second step where there is one", async (t) => {
  const { server, issuer } = await startBoth(t);
  const linked = await link(server, issuer, "ann", "ann-there");
  assert.match(linked.page?.text ?? "", /ann-there/);
  const browser = new TestBrowser(server.url);
  assert.match((await browser.open("/sign-in")).text, /Sign in with Home/);
  const { url } = await browser.open("/sign-in/outside?next=%2Faccount%2Femail");
  const back = await visitOutside(issuer, url, "ann-there");
  assert.equal((await browser.open(back.href)).url.pathname, "/account/email");
  await linked.open("/account");
  await linked.submit({}, "/account/linked/remove");
  const other = new TestBrowser(server.url);
  const again = await visitOutside(issuer, (await other.open("/sign-in/outside")).url, "ann-there");
  assert.match((await other.open(again.href)).text, /has no account here/);
});

test("[ID71] an address that another provider vouches for opens and links nothing", async (t) => {
  const { server, issuer } = await startBoth(t);
  const browser = new TestBrowser(server.url);
  const back = await visitOutside(issuer, (await browser.open("/sign-in/outside")).url, "mallory");
  const refused = await browser.open(back.href);
  assert.equal(refused.status, 404);
  assert.match(refused.text, /sign in as you always do, then link it/);
  const { id } = await server.core.accounts.find("ann");
  assert.deepEqual(await server.metadata.signIn.listLinked(id), []);
});

test("[ID71] an answer that was made for another browser, that comes twice, or is changed is refused", async (t) => {
  const { server, issuer } = await startBoth(t);
  await link(server, issuer, "ann", "ann-there");
  // Mallory's own answer, planted into ann's browser while she is signed in: it neither links nor signs in.
  const mallory = new TestBrowser(server.url);
  const planted = await visitOutside(issuer, (await mallory.open("/sign-in/outside")).url, "mallory");
  const ann = await signInByPassword(server, "ann");
  assert.equal((await ann.open(planted.href)).status, 401);
  const { url: annsVisit } = await ann.open("/sign-in/outside?link=1");
  assert.equal((await ann.open(planted.href)).status, 401);
  const { id } = await server.core.accounts.find("ann");
  assert.deepEqual(
    (await server.metadata.signIn.listLinked(id)).map(({ subject }) => subject),
    ["ann-there"],
  );
  // An answer for ann's visit that was stolen on its way opens nothing in another browser.
  const stolen = await visitOutside(issuer, annsVisit, "ann-there");
  assert.equal((await mallory.open(stolen.href)).status, 401);
  const browser = new TestBrowser(server.url);
  const back = await visitOutside(issuer, (await browser.open("/sign-in/outside")).url, "ann-there");
  const state = browser.cookie("outside") ?? assert.fail();
  await browser.open(back.href);
  const twice = await fetch(back, { headers: { cookie: `satchel-outside=${state}` }, redirect: "manual" });
  assert.equal(twice.status, 401);
});

test("[ID71] an identity that is linked to one account can't be taken over by another one, and linking needs a fresh proof", async (t) => {
  const { server, issuer } = await startBoth(t);
  await server.signUp("bob");
  await link(server, issuer, "ann", "ann-there");
  const bob = await link(server, issuer, "bob", "ann-there");
  assert.ok((bob.page?.status ?? 0) >= 400);
  const { id } = await server.core.accounts.find("bob");
  assert.deepEqual(await server.metadata.signIn.listLinked(id), []);
  server.moveClock(600_001);
  assert.match((await bob.open("/sign-in/outside?link=1")).text, /prove it once more/);
});

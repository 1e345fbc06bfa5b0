import assert from "node:assert/strict";
import { test } from "node:test";
import { testRuns } from "@satchel/testkit";
import fc from "fast-check";
import { passwordOf, startTestServer, type TestServer } from "../test-server.fixture.ts";
import { TestBrowser } from "./test-browser.fixture.ts";

/** Pages and what they send, but for the provider's own, which answer programs. */
function pageRoutes(server: TestServer, method: string): string[] {
  const { routeTable } = server.app;
  return routeTable
    .filter(
      (route) =>
        route.access === "page" && route.method === method && !/^\/(oauth|device|assets|\.well)/.test(route.url),
    )
    .map(({ url }) => url.replace(":uid", "nothing"));
}

test("[ID65] every form refuses what another site sends, and every page of an account is for whoever is signed in", async (t) => {
  const server = await startTestServer(t, { signUpPolicy: "open" });
  const posts = pageRoutes(server, "POST");
  assert.ok(posts.length >= 20, String(posts.length));
  for (const path of posts) {
    const init = { method: "POST", redirect: "manual", body: new URLSearchParams({ id: "x" }) } as const;
    const headers = { "sec-fetch-site": "cross-site", origin: "https://evil.example.org" };
    assert.equal((await fetch(server.url + path, { ...init, headers })).status, 403, path);
  }
  const own = pageRoutes(server, "GET").filter((path) => path.startsWith("/account"));
  assert.ok(own.length >= 6, own.join());
  for (const path of own) {
    const { status, headers } = await fetch(server.url + path, { redirect: "manual" });
    assert.deepEqual([status, headers.get("location")?.split("?")[0]], [303, "/sign-in"], path);
  }
});

test("[ID50] whatever is sent to a page, the server answers with a page, and holds together", async (t) => {
  const server = await startTestServer(t, { signUpPolicy: "open" });
  await server.signUp("ann");
  const browser = new TestBrowser(server.url);
  await browser.open("/sign-in");
  await browser.submit({ user: "ann", password: passwordOf("ann") });
  // What would end the session or the way into the account is left out: the others need it.
  const leftOut = /sign-out|browsers|password|\/sign-in$|\/sign-in\/passkey$/;
  const posts = pageRoutes(server, "POST").filter((path) => !leftOut.test(path));
  const gets = pageRoutes(server, "GET");
  const names = fc.constantFrom(
    "id",
    "name",
    "user",
    "email",
    "password",
    "secret",
    "state",
    "code",
    "next",
    "invitation",
    "scope",
    "issuer",
    "subject",
  );
  const values = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.constantFrom(
      "'; DROP TABLE accounts; --",
      "<script>alert(1)</script>",
      "%00",
      "\0",
      "../../etc/passwd",
      "__proto__",
      "A".repeat(5000),
    ),
  );
  const form = fc.array(fc.tuple(names, values), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...posts), fc.constantFrom(...gets), form, async (post, get, fields) => {
      const sent = await browser.fetch(new URL(post, server.url), new URLSearchParams(fields));
      const asked = await browser.fetch(new URL(`${get}?${new URLSearchParams(fields).toString()}`, server.url));
      for (const [path, answer] of [
        [post, sent],
        [get, asked],
      ] as const) {
        assert.ok(answer.status < 500, `${path} answered ${answer.status}`);
        assert.doesNotMatch(await answer.text(), /<script>alert/, path);
      }
    }),
    { numRuns: testRuns(60) },
  );
  assert.match((await browser.open("/account")).text, /Signed in as ann/);
});

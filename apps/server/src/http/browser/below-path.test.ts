import assert from "node:assert/strict";
import { createServer, request as sendRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { passwordOf, startTestServer } from "../test-server.fixture.ts";
import { linkBelow } from "./below-path.ts";
import { TestBrowser } from "./test-browser.fixture.ts";

/** A proxy that serves a server at `/files/satchel`, and knows nothing else. */
async function startProxy(t: TestContext): Promise<{ url: string; leadTo: (target: string) => void }> {
  let target = "";
  const proxy = createServer((incoming, answer) => {
    const path = incoming.url ?? "";
    if (!path.startsWith("/files/satchel/")) return void answer.writeHead(404).end("not below the path");
    const passed = sendRequest(
      target + path.slice("/files/satchel".length),
      { method: incoming.method, headers: incoming.headers },
      (response) => {
        answer.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(answer);
      },
    );
    incoming.pipe(passed);
  });
  proxy.listen(0, "127.0.0.1");
  await new Promise((resolve) => proxy.once("listening", resolve));
  t.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/files/satchel`;
  return { url, leadTo: (server) => void (target = server) };
}

test("[ID55] below a path of the public address, pages, forms and redirects lead to addresses below it", async (t) => {
  const proxy = await startProxy(t);
  const server = await startTestServer(t, { publicUrl: proxy.url, signUpPolicy: "open" });
  proxy.leadTo(server.url);
  await server.signUp("ann");
  const browser = new TestBrowser(proxy.url);
  const first = await browser.open("/files/satchel/account");
  assert.equal(first.url.pathname, "/files/satchel/sign-in");
  const home = await browser.submit({ user: "ann", password: passwordOf("ann") });
  assert.deepEqual([home.status, home.url.pathname], [200, "/files/satchel/account"]);
  for (const [, target = ""] of home.text.matchAll(/\b(?:href|action|src)="(\/[^"]*)"/g))
    assert.match(target, /^\/files\/satchel\//, target);
  const out = await browser.submit({}, "/files/satchel/sign-out");
  assert.equal(out.url.pathname, "/files/satchel/sign-in");
});

test("[ID55] what people typed is not taken for a link", () => {
  assert.equal(
    linkBelow('<a href="/x">href=&quot;/y</a><a href="//z">', "/p"),
    '<a href="/p/x">href=&quot;/y</a><a href="//z">',
  );
});

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request as sendRequest, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { startServer } from "../e2e/support/server.ts";
import { openBrowser, openPage } from "./support/browser.ts";
import { createFolder, pickFiles, row, signIn, textFile } from "./support/web-app.ts";

const path = "/cloud/satchel";

/** A proxy in front of a server: it serves it below a path, and nothing else. What is asked for beside it is remembered. */
async function startProxy(t: TestContext) {
  let port = 0;
  const strayed: string[] = [];
  const cookies: string[] = [];
  const below = (request: IncomingMessage): string | undefined => {
    const { url = "" } = request;
    return url.startsWith(`${path}/`) ? url.slice(path.length) : void strayed.push(url);
  };
  const proxy = createServer((request, answer) => {
    const target = below(request);
    if (target === undefined) {
      cookies.push(request.headers.cookie ?? "");
      return void answer.writeHead(404).end();
    }
    const options = { port, path: target, method: request.method, headers: request.headers };
    const passed = sendRequest(options, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    request.pipe(passed);
  });
  proxy.on("upgrade", (request, socket: Socket) => {
    const target = below(request);
    if (target === undefined) return void socket.destroy();
    const upstream = connect(port, "127.0.0.1");
    const heads = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`);
    upstream.write(`GET ${target} HTTP/1.1\r\n${heads.join("\r\n")}\r\n\r\n`);
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const)
      one.on("error", () => other.destroy()).pipe(other);
    t.after(() => upstream.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await new Promise((resolve) => proxy.once("listening", resolve));
  t.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return { origin, strayed, cookies, leadTo: (serverPort: number) => void (port = serverPort) };
}

test("[ID55] below a path of the public address the web app signs in, is live, uploads, shows and signs out", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "satchel-below-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const proxy = await startProxy(t);
  const url = proxy.origin + path;
  const server = await startServer(directory, { publicUrl: url });
  t.after(() => server.stop());
  proxy.leadTo(server.port);
  const account = await server.addUser("ann");
  const browser = await openBrowser(t);
  const page = await openPage(t, browser);
  await page.goto(`${url}/`);
  await signIn(page, account);
  await page.waitForURL(`${url}/files`);
  await page.locator("[role=status][data-live=true]").waitFor({ state: "attached" });
  await createFolder(page, "Photos");
  await row(page, "Photos").dblclick();
  await page.waitForURL(`${url}/files/Photos`);
  await pickFiles(page, textFile("notes.txt", "read below a path"));
  await row(page, "notes.txt").click();
  await page.keyboard.press("Space");
  await page.getByText("read below a path").waitFor();
  await page.keyboard.press("Escape");
  await page.reload();
  await row(page, "notes.txt").waitFor();
  // Somebody else's program on the same host is told nothing of the login.
  await page.request.get(`${proxy.origin}/another/program`);
  assert.doesNotMatch(proxy.cookies.join(), /satchel-session/);
  await page.goto(`${url}/settings`);
  await page.getByRole("link", { name: "Change" }).first().waitFor();
  // All in one look: the page may still be adding some.
  const addresses = await page
    .getByRole("link")
    .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  for (const address of addresses)
    assert.match(address, /^(#|\/cloud\/satchel\/|http:\/\/127\.0\.0\.1:\d+\/cloud\/satchel\/)/);
  await page.getByRole("button", { name: /ann/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(`${url}/sign-in**`);
  assert.deepEqual(
    proxy.strayed.filter((one) => one !== "/another/program"),
    [],
  );
});

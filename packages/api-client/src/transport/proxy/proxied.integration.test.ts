import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { startConnectProxy } from "@satchel/testkit";
import { WebSocketServer } from "ws";
import { createSocketTransport } from "../node-socket-transport.ts";
import { createHttpTransport } from "../node-transport.ts";
import type { SocketEnd } from "../socket-transport.ts";
import { OfflineError } from "../transport.ts";

const request = { method: "GET", path: "/v1/hello", headers: {}, idempotent: true } as const;

/** A server that says `hello`, over HTTP and over WebSockets. Returns its port. */
async function startServer(t: TestContext): Promise<number> {
  const server = createServer((asked, response) => {
    const lengths: number[] = [];
    asked.on("data", (piece: Buffer) => lengths.push(piece.length));
    asked.on("end", () => response.end(`hello ${lengths.reduce((sum, length) => sum + length, 0)} ${asked.url ?? ""}`));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => socket.send("hello"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** What came first: a message, or the end. */
function listen(url: string, environment: Record<string, string>): Promise<string | SocketEnd> {
  return new Promise((resolve) => {
    const socket = createSocketTransport(url, environment).open(
      { path: "/v1/events", headers: {} },
      {
        onOpen: () => undefined,
        onMessage(text) {
          resolve(text);
          socket.terminate();
        },
        onAlive: () => undefined,
        onClose: resolve,
      },
    );
  });
}

test("[AC42] requests small and large, and WebSockets, go through the proxy that the environment names", async (t) => {
  const port = await startServer(t);
  await using proxy = await startConnectProxy({ hosts: { "satchel.test": port } });
  const environment = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
  const transport = createHttpTransport("http://satchel.test:7420/below", environment);
  t.after(() => transport.close());
  const answer = await transport.send(request);
  assert.equal(Buffer.from(answer.body).toString(), "hello 0 /below/v1/hello");
  const large = [new Uint8Array(700_000), new Uint8Array(700_000)];
  const other = await transport.send({ ...request, method: "PUT", body: large });
  assert.equal(Buffer.from(other.body).toString(), "hello 1400000 /below/v1/hello");
  assert.equal(await listen("http://satchel.test:7420", environment), "hello");
  assert.ok(proxy.asked.includes("CONNECT satchel.test:7420"));
});

test("[AC42] a proxy that wants a login gets the one in its address", async (t) => {
  const port = await startServer(t);
  await using proxy = await startConnectProxy({ hosts: { "satchel.test": port }, login: "ann:p@ss word" });
  const environment = { ALL_PROXY: `http://ann:p%40ss%20word@127.0.0.1:${proxy.port}` };
  const transport = createHttpTransport("http://satchel.test", environment);
  t.after(() => transport.close());
  assert.equal((await transport.send(request)).status, 200);
  assert.equal(await listen("http://satchel.test", environment), "hello");
});

test("[AC42] a proxy that refuses, is not there, or is none is told as such", async (t) => {
  await using proxy = await startConnectProxy({ hosts: {}, login: "ann:secret" });
  const why = async (url: string, environment: Record<string, string>): Promise<string> => {
    const transport = createHttpTransport(url, environment);
    t.after(() => transport.close());
    try {
      return `status ${(await transport.send(request)).status}`;
    } catch (error) {
      assert.ok(error instanceof OfflineError, String(error));
      return error.message;
    }
  };
  const address = `http://127.0.0.1:${proxy.port}`;
  assert.equal(
    await why("https://satchel.test", { HTTPS_PROXY: address }),
    "the proxy refuses the way to the server (407)",
  );
  assert.equal(
    await why("http://satchel.test", { HTTP_PROXY: address }),
    "the proxy refuses the way to the server (407)",
  );
  assert.match(await why("http://satchel.test", { HTTP_PROXY: "ftp://x" }), /^HTTP_PROXY is a ftp proxy/);
  assert.equal(
    await why("http://satchel.test", { HTTP_PROXY: "http://127.0.0.1:1" }),
    "nothing listens at that address",
  );
  for (const HTTP_PROXY of [address, "ftp://x", "http://127.0.0.1:1"]) {
    const end = await listen("http://satchel.test", { HTTP_PROXY });
    assert.ok(typeof end === "object" && end.code === 1006, JSON.stringify(end));
  }
});

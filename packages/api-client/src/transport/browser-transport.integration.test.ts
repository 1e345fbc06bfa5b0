import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createHttpTransport } from "./browser-transport.ts";
import { OfflineError } from "./transport.ts";

test("[AC24] closing ends the calls in flight, and no later one: a page whose network changed goes on", async (t) => {
  const server = createServer((request, response) => {
    if (request.url === "/quick") response.end("hello");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const transport = createHttpTransport(`http://127.0.0.1:${port}`);
  const waiting = transport.send({ method: "GET", path: "/slow", headers: {}, idempotent: true });
  const reached = once(server, "request");
  await reached;
  await transport.close();
  await assert.rejects(waiting, OfflineError);
  const { status, body } = await transport.send({ method: "GET", path: "/quick", headers: {}, idempotent: true });
  assert.deepEqual([status, Buffer.from(body).toString()], [200, "hello"]);
});

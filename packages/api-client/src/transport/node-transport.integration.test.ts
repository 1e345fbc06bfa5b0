import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { createHttpTransport } from "./node-transport.ts";
import { OfflineError } from "./transport.ts";
import type { HttpTransport } from "./transport.ts";

async function serve(
  t: TestContext,
  listener: RequestListener,
  prefix = "",
): Promise<{ url: string; transport: HttpTransport; close: () => void }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`;
  const transport = createHttpTransport(url);
  t.after(async () => {
    await transport.close();
    server.closeAllConnections();
    server.close();
  });
  return { url, transport, close: () => server.closeAllConnections() };
}

const echo: RequestListener = (request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    response.writeHead(201, { "x-length": request.headers["content-length"] ?? "none", "x-path": request.url ?? "" });
    response.end(Buffer.concat(pieces));
  });
};

test("[AC11] bodies arrive whole with their length, in one piece, in many, or none", async (t) => {
  const { transport } = await serve(t, echo);
  const large = Buffer.alloc(300_000, "x");
  for (const body of [
    undefined,
    [Buffer.from("one")],
    [Buffer.from("a"), Buffer.from("b")],
    [Buffer.from("head"), large, large],
  ]) {
    const response = await transport.send({ method: "POST", path: "/v1/x?y=1", headers: {}, body, idempotent: true });
    const expected = Buffer.concat(body ?? []);
    assert.equal(response.status, 201);
    assert.equal(response.headers["x-path"], "/v1/x?y=1");
    assert.equal(response.headers["x-length"], body ? String(expected.length) : "0");
    assert.ok(expected.equals(response.body));
  }
});

test("a server below a path is asked below that path", async (t) => {
  const { transport } = await serve(t, echo, "/satchel/");
  const response = await transport.send({ method: "GET", path: "/v1/account", headers: {}, idempotent: true });
  assert.equal(response.headers["x-path"], "/satchel/v1/account");
});

test("[AC10] an absolute address is asked where it points to", async (t) => {
  const [server, store] = [await serve(t, echo), await serve(t, echo)];
  const response = await server.transport.send({
    method: "GET",
    path: `${store.url}/chunk?s=1`,
    headers: {},
    idempotent: true,
  });
  assert.equal(response.headers["x-path"], "/chunk?s=1");
});

test("connections are kept between calls", async (t) => {
  const ports = new Set<number | undefined>();
  const { transport } = await serve(t, (request, response) => {
    ports.add(request.socket.remotePort);
    response.end();
  });
  for (let i = 0; i < 20; i++) await transport.send({ method: "GET", path: "/", headers: {}, idempotent: true });
  // A connection may still be finishing its last answer when the next call comes.
  assert.ok(ports.size <= 2, `${ports.size} connections`);
});

test("[AC1] nobody there, a cut connection and a silent server are all 'offline'", async (t) => {
  const silent = await serve(t, () => undefined);
  await assert.rejects(
    silent.transport.send({ method: "GET", path: "/", headers: {}, idempotent: true, answerWithinMs: 50 }),
    {
      name: "OfflineError",
      message: "the server did not answer in time",
    },
  );
  const cutting = await serve(t, (request) => request.socket.destroy());
  await assert.rejects(
    cutting.transport.send({ method: "POST", path: "/", headers: {}, idempotent: true }),
    OfflineError,
  );
  const nobody = createHttpTransport("http://127.0.0.1:1");
  t.after(() => nobody.close());
  await assert.rejects(nobody.send({ method: "GET", path: "/", headers: {}, idempotent: true }), {
    name: "OfflineError",
    message: "nothing listens at that address",
  });
});

test("[AC5] an aborted call ends with the signal's reason", async (t) => {
  const { transport } = await serve(t, () => undefined);
  const ending = new AbortController();
  const calling = transport.send({ method: "GET", path: "/", headers: {}, idempotent: true, signal: ending.signal });
  ending.abort(new Error("stopped"));
  await assert.rejects(calling, new Error("stopped"));
});

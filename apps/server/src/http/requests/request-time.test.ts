import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { fastify } from "fastify";
import { limitRequestTime } from "./request-time.ts";

const time = { wholeMs: 300_000, spanMs: 120_000, minBytes: 1000 };

/** A server that takes bodies, on a clock that the test moves; and a caller that has sent its head. */
async function start(t: TestContext, path: string) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const app = fastify();
  limitRequestTime(app, time);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request: unknown, payload: IncomingMessage, done: (e: null, body: unknown) => void) =>
    done(null, payload),
  );
  const requests: IncomingMessage[] = [];
  const take = async ({ raw }: { readonly raw: IncomingMessage }) => {
    requests.push(raw);
    let sizeBytes = 0;
    for await (const piece of raw) sizeBytes += (piece as Buffer).length;
    return { sizeBytes };
  };
  app.put("/bundle", take);
  app.put("/refused", async ({ raw }, reply) => {
    requests.push(raw);
    return reply.code(403).send("no");
  });
  app.put("/file", { config: { takesLong: true } }, take);
  await app.listen({ host: "127.0.0.1", port: 0 });
  const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
  t.after(async () => {
    socket.destroy();
    app.server.closeAllConnections();
    await app.close();
  });
  const heard: Buffer[] = [];
  socket.on("data", (bytes: Buffer) => heard.push(bytes));
  let sentBytes = 0;
  /** Sends, and waits until the server has read it. */
  const send = async (bytes: string | Buffer): Promise<void> => {
    sentBytes += bytes.length;
    socket.write(bytes);
    while (requests[0] === undefined || requests[0].socket.bytesRead < sentBytes)
      await new Promise((resolve) => setImmediate(resolve));
  };
  await send(`PUT ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: a/b\r\ncontent-length: 20000\r\n\r\n`);
  return { socket, send, answer: () => Buffer.concat(heard).toString() };
}

test("[SE35] a body that isn't whole after five minutes ends its connection", async (t) => {
  const { socket, send, answer } = await start(t, "/bundle");
  await send(Buffer.alloc(5000));
  t.mock.timers.tick(time.wholeMs - 1);
  await send(Buffer.alloc(5000));
  const closed = once(socket, "close");
  t.mock.timers.tick(1);
  await closed;
  assert.match(answer(), /^HTTP\/1\.1 400 [^]*took too long to arrive/);
});

test("[SE35] whoever was answered already, and goes on sending, gets no second answer", async (t) => {
  const { socket, answer } = await start(t, "/refused");
  while (!answer().endsWith("no")) await once(socket, "data");
  const closed = once(socket, "close");
  t.mock.timers.tick(time.wholeMs);
  await closed;
  assert.match(answer(), /^HTTP\/1\.1 403 [^]*\r\n\r\nno$/);
});

test("[SE35] [SH24] a file that keeps coming may take as long as it likes", async (t) => {
  const { socket, send, answer } = await start(t, "/file");
  for (let part = 0; part < 20; part += 1) {
    t.mock.timers.tick(part === 0 ? 0 : time.spanMs);
    await send(Buffer.alloc(1000));
  }
  while (!answer().includes("20000")) await once(socket, "data");
  assert.match(answer(), /^HTTP\/1\.1 200 /);
  // The connection is as good as before.
  t.mock.timers.tick(10 * time.wholeMs);
  assert.equal(socket.destroyed, false);
});

test("[SE35] a file of which hardly anything comes any more ends its connection", async (t) => {
  const { socket, send, answer } = await start(t, "/file");
  await send(Buffer.alloc(5000));
  t.mock.timers.tick(time.spanMs);
  await send(Buffer.alloc(time.minBytes - 1));
  const closed = once(socket, "close");
  t.mock.timers.tick(time.spanMs);
  await closed;
  assert.match(answer(), /^HTTP\/1\.1 400 [^]*took too long to arrive/);
});

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { networkOf } from "../../features/rate-limit/rate-limits.ts";
import { createInProcessLimiter } from "../../storage/limiter/in-process-limiter.ts";
import { maxHeadBytes } from "../create-app.ts";
import { requestTime } from "../requests/request-time.ts";
import { call, startTestServer, type TestServerOptions } from "../test-server.fixture.ts";

const limiter = (burst: number, perSecond = 0.1) =>
  createInProcessLimiter({ rate: { perSecond, burst }, maxKeys: 100, nowMs: () => 0 });

async function start(t: Parameters<typeof startTestServer>[0], options: TestServerOptions) {
  const server = await startTestServer(t, options);
  const ann = await server.signUp("ann");
  return { server, ann };
}

test("[SE30] an address that asks too often is sent away with the time to wait, whoever it is, on every route", async (t) => {
  const { server, ann } = await start(t, { limiters: { address: limiter(3) } });
  assert.equal((await ann.get("/v1/account")).status, 200);
  assert.equal((await call(`${server.url}/healthz`, "GET")).status, 200);
  for (const path of ["/v1/account", "/healthz", "/nowhere"]) {
    const answer = await ann.get(path);
    assert.deepEqual([answer.status, answer.body.code], [429, "too_many_requests"], path);
    assert.equal(answer.headers.get("retry-after"), "10");
  }
  await assert.rejects(ann.listen(t), /429/);
});

test("[SE30] a device that asks too often doesn't slow the account's others, until the account asks too often", async (t) => {
  const { server, ann } = await start(t, { limiters: { device: limiter(2), account: limiter(3) } });
  const second = await server.signIn("ann");
  const other = await server.signUp("bob");
  const statuses = [];
  for (const device of [ann, ann, ann, second, second, other]) statuses.push((await device.get("/v1/account")).status);
  assert.deepEqual(statuses, [200, 200, 429, 200, 429, 200]);
});

test("[SE32] ways to sign in may be tried less often than anything else", async (t) => {
  const { server, ann } = await start(t, { limiters: { signIn: limiter(3) } });
  const login = () =>
    call(`${server.url}/v1/auth/login`, "POST", { json: { user: "ann", password: "no", device_name: "d" } });
  assert.deepEqual([(await login()).status, (await login()).status, (await login()).status], [401, 401, 429]);
  assert.equal((await call(`${server.url}/v1/auth/join`, "POST", { json: {} })).status, 429);
  assert.equal((await ann.get("/v1/account")).status, 200);
});

test("[SE30] all of an IPv6 network is one address", () => {
  assert.equal(networkOf("192.0.2.7"), "192.0.2.7");
  for (const one of ["2001:db8:1:2::1", "2001:db8:1:2:ffff::", "2001:0db8:0001:0002:3:4:5:6", "2001:db8:1:2::%eth0"])
    assert.equal(networkOf(one), "2001:db8:1:2::/64");
  assert.equal(networkOf("::1"), "0:0:0:0::/64");
  assert.notEqual(networkOf("2001:db8:1:3::1"), networkOf("2001:db8:1:2::1"));
});

test("[SE33] a body that would have to be unpacked is refused before it is read", async (t) => {
  const { ann } = await start(t, {});
  const raw = gzipSync(Buffer.alloc(1_000_000));
  const headers = { ...ann.authorization, "content-type": "application/json", "content-encoding": "gzip" };
  const answer = await call(`${ann.url}/v1/chunks/missing`, "POST", { raw, headers });
  assert.deepEqual([answer.status, answer.body.code], [415, "unsupported_media_type"]);
});

async function open(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

test("[SE34] connections of one address beyond its bound are closed at once, and make room when they end", async (t) => {
  const { server } = await start(t, { connections: { maxConnectionsPerAddress: 4 } });
  server.app.server.closeIdleConnections();
  const ask = async (socket: Socket): Promise<boolean> => {
    socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
    const [first] = (await Promise.race([once(socket, "data"), once(socket, "close")])) as [unknown];
    return Buffer.isBuffer(first) && first.toString().startsWith("HTTP/1.1 200");
  };
  const sockets: Socket[] = [];
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  let refused = 0;
  for (let index = 0; index < 8; index += 1) {
    const socket = await open(server.url);
    sockets.push(socket);
    if (!(await ask(socket))) refused += 1;
  }
  assert.ok(refused >= 4 && refused <= 6, `${refused} refused`);
  for (const socket of sockets) {
    socket.destroy();
    if (!socket.closed) await once(socket, "close");
  }
  for (let again = false; !again;) {
    const socket = await open(server.url);
    sockets.push(socket);
    again = await ask(socket);
  }
});

test("[SE33] a head that is too long is refused", async (t) => {
  const { server } = await start(t, {});
  const socket = await open(server.url);
  t.after(() => socket.destroy());
  socket.write(`GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: ${"a".repeat(maxHeadBytes)}\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 400 [^]*head of the request is too long/);
});

test("[SE35] slow callers are timed: the head, and a connection on which nothing moves", async (t) => {
  const { server } = await start(t, {});
  const { headersTimeout, requestTimeout, timeout, keepAliveTimeout } = server.app.server;
  assert.deepEqual([headersTimeout, requestTimeout, timeout, keepAliveTimeout], [20_000, 0, 120_000, 75_000]);
  assert.deepEqual(requestTime, { wholeMs: 300_000, spanMs: 120_000, minBytes: 65_536 });
  server.app.server.headersTimeout = 200;
  const socket = await open(server.url);
  t.after(() => socket.destroy());
  socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\n");
  const dribble = setInterval(() => socket.write("x-a: b\r\n"), 300);
  t.after(() => clearInterval(dribble));
  const [answer] = (await once(socket, "data")) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 400 [^]*took too long to arrive/);
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { promisify } from "node:util";
import { temporaryDirectory } from "@satchel/testkit";
import type { HttpRequest } from "../transport.ts";
import { ByteLanes } from "./byte-lanes.ts";

const options = {
  maxConnections: 2,
  maxHosts: 2,
  connectWithinMs: 5_000,
  silentMs: 5_000,
  idleMs: 5_000,
  maxAnswerBytes: 8 * 1024 * 1024,
};
const post: HttpRequest = { method: "POST", path: "/x?y=1", headers: { "x-a": "b" }, idempotent: true };

async function listen(t: TestContext, server: Server): Promise<URL> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

function lanesOf(t: TestContext, change: Partial<typeof options> = {}): ByteLanes {
  const lanes = new ByteLanes({ ...options, ...change });
  t.after(() => lanes.close());
  return lanes;
}

const echo: RequestListener = (request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const body = Buffer.concat(pieces);
    response.writeHead(200, { "content-length": body.length, "x-path": request.url, "x-got": request.headers["x-a"] });
    response.end(body);
  });
};

test("[AC33] large bodies of shared memory go out and come back into the memory given, over few connections", async (t) => {
  const ports = new Set<number | undefined>();
  const server = createServer((request, response) => {
    ports.add(request.socket.remotePort);
    echo(request, response);
  });
  const origin = await listen(t, server);
  const lanes = lanesOf(t);
  await Promise.all(
    Array.from({ length: 12 }, async (_, nth) => {
      const out = new Uint8Array(new SharedArrayBuffer(3_000_000)).fill(nth + 1);
      const into = new Uint8Array(new SharedArrayBuffer(3_000_100));
      const body = [out.subarray(0, 1_234_567), out.subarray(1_234_567)];
      const answer = await lanes.send(origin, { ...post, body, receiveInto: into });
      assert.equal(answer.status, 200);
      assert.deepEqual([answer.headers["x-path"], answer.headers["x-got"]], ["/x?y=1", "b"]);
      assert.equal(answer.body.buffer, into.buffer);
      assert.ok(Buffer.from(answer.body).equals(out));
    }),
  );
  assert.ok(ports.size <= options.maxConnections, `${ports.size} connections`);
});

test("[AC33] over TLS it is the same, and a server that nobody vouches for is refused", async (t) => {
  await using directory = await temporaryDirectory("lanes");
  const [key, cert] = [directory.join("key.pem"), directory.join("cert.pem")];
  const subject = ["-subj", "/CN=lanes", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await promisify(execFile)("openssl", ["req", "-x509", ...kind, "-keyout", key, "-out", cert, ...subject]);
  const files = { key: await readFile(key), cert: await readFile(cert, "utf8") };
  const plain = await listen(t, createSecureServer(files, echo));
  const origin = new URL(plain.href.replace("http:", "https:"));
  const request = { ...post, body: [new Uint8Array(1_500_000).fill(7)] };
  await assert.rejects(lanesOf(t).send(origin, request), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });

  const authorities = getCACertificates("default");
  t.after(() => setDefaultCACertificates(authorities));
  setDefaultCACertificates([...authorities, files.cert]);
  const into = new Uint8Array(new SharedArrayBuffer(1_600_000));
  const answer = await lanesOf(t).send(origin, { ...request, receiveInto: into });
  assert.equal(answer.body.buffer, into.buffer);
  assert.ok(Buffer.from(answer.body).equals(Buffer.alloc(1_500_000, 7)));
});

test("[AC36] a connection that died while idle is replaced once, where the request may be repeated", async (t) => {
  let connections = 0;
  // Answers one request on a connection; at the second it closes without a word.
  const server = createTcpServer((socket: Socket) => {
    connections += 1;
    let requests = 0;
    socket.on("error", () => undefined);
    socket.on("data", () => {
      requests += 1;
      if (requests === 1) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      else socket.destroy();
    });
  });
  const origin = await listen(t, server);
  const lanes = lanesOf(t);
  await lanes.send(origin, post);
  assert.equal((await lanes.send(origin, post)).status, 200);
  assert.equal(connections, 2);
  await assert.rejects(lanes.send(origin, { ...post, idempotent: false }));
  assert.equal(connections, 2);
});

test("[AC1] a silent server, a cut connection and nobody there fail, and leave the lanes usable", async (t) => {
  const silent = await listen(
    t,
    createTcpServer((socket) => socket.on("error", () => undefined).resume()),
  );
  const cutting = await listen(
    t,
    createTcpServer((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc")),
  );
  const lanes = lanesOf(t);
  await assert.rejects(lanes.send(silent, { ...post, answerWithinMs: 30 }), { name: "ConnectionTimeoutError" });
  await assert.rejects(lanes.send(cutting, post), { message: "the connection broke within the answer" });
  const origin = await listen(t, createServer(echo));
  await assert.rejects(lanes.send(origin, post), /more than 2 hosts/);
  const others = lanesOf(t);
  await assert.rejects(others.send(new URL("http://127.0.0.1:1"), post), { code: "ECONNREFUSED" });
  assert.equal((await others.send(origin, post)).status, 200);
});

test("[AC5] an aborted request ends with the signal's reason, in flight and in line", async (t) => {
  const silent = await listen(
    t,
    createTcpServer((socket) => socket.on("error", () => undefined).resume()),
  );
  const lanes = lanesOf(t, { maxConnections: 1 });
  const ending = new AbortController();
  const both = [1, 2].map(() => lanes.send(silent, { ...post, signal: ending.signal }));
  const failed = Promise.all(both.map((one) => assert.rejects(one, new Error("stopped"))));
  ending.abort(new Error("stopped"));
  await failed;
});

test("[AC35] an answer that comes before all of the request has left ends the connection", async (t) => {
  const refusing = createServer((request, response) => {
    response.writeHead(413, { "content-length": 0 }).end();
    request.socket.pause();
  });
  const origin = await listen(t, refusing);
  const lanes = lanesOf(t);
  const body = [new Uint8Array(30_000_000)];
  assert.equal((await lanes.send(origin, { ...post, body })).status, 413);
  lanes.close();
  refusing.closeAllConnections();
});

test("a header that would break out of its line is refused", async (t) => {
  const origin = await listen(t, createServer(echo));
  await assert.rejects(lanesOf(t).send(origin, { ...post, headers: { a: "b\r\nc: d" } }), TypeError);
});

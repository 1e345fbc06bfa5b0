import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { ChangesPush, Cursor, WorkspaceId } from "@satchel/protocol";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { createApiClient } from "../requests/api-client.ts";
import { virtualTiming } from "../retry/virtual-timing.fixture.ts";
import { LoginRevokedError } from "../tokens/token-source.ts";
import type { TokenSource } from "../tokens/token-source.ts";

const workspaceId = "aaaaaaaaaaaaaaaa" as WorkspaceId;
const push = (n: number): object => ({
  event: "changes",
  workspace_id: workspaceId,
  before: `c${n - 1}`,
  cursor: `c${n}`,
});

interface Refusal {
  readonly status: number;
  readonly headers?: string;
}

/** A small notification server whose upgrades can be refused, and that answers polls. */
async function startServer(t: TestContext) {
  const refusals: Refusal[] = [];
  const polls: { url: string; answer: (events: number) => void; breakOff: () => void }[] = [];
  const urls: string[] = [];
  const tokens: (string | undefined)[] = [];
  const sockets: WebSocket[] = [];
  const waiting: (() => void)[] = [];
  const http = createServer((request, response) => {
    const answer = (events: number): void => {
      if (response.writableEnded) return;
      response.setHeader("content-type", "application/json");
      const event = { event: "changed", workspace_id: workspaceId, cursor: "c9" };
      response.end(JSON.stringify({ events: Array.from({ length: events }, () => event), cursor: "c9" }));
    };
    polls.push({ url: request.url ?? "", answer, breakOff: () => request.socket.destroy() });
    wake();
  });
  const wake = (): void => waiting.splice(0).forEach((resume) => resume());
  const server = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, socket, head) => {
    urls.push(request.url ?? "");
    tokens.push(request.headers.authorization);
    const refusal = refusals.shift();
    if (refusal) {
      socket.end(
        `HTTP/1.1 ${refusal.status} Refused\r\n${refusal.headers ?? ""}content-length: 0\r\nconnection: close\r\n\r\n`,
      );
      wake();
      return;
    }
    server.handleUpgrade(request, socket, head, (webSocket) => {
      sockets.push(webSocket);
      wake();
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const client of server.clients) client.terminate();
    http.closeAllConnections();
    http.close();
  });
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    refusals,
    polls,
    urls,
    tokens,
    sockets,
    notify: wake,
    async until(condition: () => boolean): Promise<void> {
      while (!condition()) await new Promise<void>((resume) => waiting.push(resume));
    },
  };
}

async function startSubscription(t: TestContext, tokens?: TokenSource) {
  const server = await startServer(t);
  // Waits of no length, except the heartbeat and polls, which stand until the clock is moved.
  const timing = virtualTiming({ random: () => 0 });
  let n = 1;
  const counting: TokenSource = { get: async () => `t${n}`, renew: async () => `t${++n}` };
  const network = {
    listeners: new Set<() => void>(),
    change: () => network.listeners.forEach((tell) => tell()),
  };
  const watch = (tell: () => void): (() => void) => {
    network.listeners.add(tell);
    return () => network.listeners.delete(tell);
  };
  const api = createApiClient({ serverUrl: server.url, tokens: tokens ?? counting, timing, network: watch });
  const heard: string[] = [];
  const state = { cursor: "c0" as Cursor };
  const subscription = api.subscribe({
    workspaceId,
    cursor: () => state.cursor,
    onPush: (change: ChangesPush) => {
      heard.push(change.cursor);
      server.notify();
    },
    onState: (next) => {
      heard.push(next);
      server.notify();
    },
    onEnd: (error) => {
      heard.push(error.message);
      server.notify();
    },
  });
  t.after(async () => {
    subscription.close();
    await subscription.closed;
    await api.close();
  });
  /** Moves the clock bit by bit while real sockets do their part. */
  const moveUntil = async (condition: () => boolean, stepMs: number): Promise<number> => {
    let movedMs = 0;
    while (!condition()) {
      await timing.advance(stepMs);
      movedMs += stepMs;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return movedMs;
  };
  return { server, timing, heard, state, subscription, network, moveUntil };
}

test("[AC16] pushes are told in order, and what is unknown is passed over", async (t) => {
  const { server, heard } = await startSubscription(t);
  await server.until(() => server.sockets.length === 1);
  const [socket] = server.sockets;
  for (const message of [push(1), { event: "fireworks" }, push(2), push(3)]) socket?.send(JSON.stringify(message));
  await server.until(() => heard.includes("c3"));
  assert.deepEqual(heard, ["connected", "c1", "c2", "c3"]);
  assert.deepEqual(server.urls, [`/v1/sync/notifications?mode=changes&workspace_id=${workspaceId}&cursor=c0`]);
  assert.deepEqual(server.tokens, ["Bearer t1"]);
});

test("[AC17] a connection that ended is opened again, with the cursor of that moment", async (t) => {
  const { server, heard, state, moveUntil } = await startSubscription(t);
  await server.until(() => heard.includes("connected"));
  state.cursor = "c7" as Cursor;
  server.sockets[0]?.terminate();
  await server.until(() => heard.includes("disconnected"));
  await moveUntil(() => heard.length === 3, 1);
  assert.deepEqual(heard, ["connected", "disconnected", "connected"]);
  assert.match(server.urls[1] ?? "", /cursor=c7$/);
});

test("[AC17] a message that is no push ends the connection, and the next one begins anew", async (t) => {
  const { server, heard, moveUntil } = await startSubscription(t);
  await server.until(() => heard.includes("connected"));
  server.sockets[0]?.send('{"event":"changes","cursor":');
  await server.until(() => heard.includes("disconnected"));
  await moveUntil(() => heard.length === 3, 1);
  assert.deepEqual(heard, ["connected", "disconnected", "connected"]);
});

test("[AC18] a connection that died silently is noticed within a minute, a living one is kept", async (t) => {
  const { server, heard, timing, moveUntil } = await startSubscription(t);
  await server.until(() => heard.includes("connected"));
  const [socket] = server.sockets;
  let pings = 0;
  socket?.on("ping", () => {
    pings++;
    server.notify();
  });
  for (let beat = 1; beat <= 5; beat++) {
    const ponged = new Promise((resolve) => setTimeout(resolve, 20));
    await timing.advance(20_000);
    await server.until(() => pings === beat);
    await ponged;
  }
  assert.deepEqual(heard, ["connected"]);
  socket?.pause();
  const noticedMs = await moveUntil(() => heard.includes("disconnected"), 5000);
  assert.ok(noticedMs < 60_000, `noticed after ${noticedMs} ms`);
});

test("[AC19] a server without a connection to spare is polled, then asked again", async (t) => {
  const { server, heard, moveUntil } = await startSubscription(t, { get: async () => "t1", renew: async () => "t2" });
  server.refusals.push({ status: 503, headers: "retry-after: 5\r\n" });
  await server.until(() => server.polls.length === 1);
  assert.equal(server.polls[0]?.url, "/v1/sync/poll?workspace_id=aaaaaaaaaaaaaaaa&cursor=c0&timeout=0");
  assert.deepEqual(heard, ["disconnected"]);
  server.polls[0]?.answer(0);
  await server.until(() => server.polls.length === 2);
  assert.equal(server.polls[1]?.url, "/v1/sync/poll?workspace_id=aaaaaaaaaaaaaaaa&cursor=c0&timeout=5");
  assert.deepEqual(heard, ["disconnected", "polling"]);
  server.polls[1]?.answer(2);
  await server.until(() => heard.includes("c9"));
  await moveUntil(() => {
    for (const poll of server.polls.slice(2)) poll.answer(0);
    return heard.includes("connected");
  }, 500);
  assert.deepEqual(heard, ["disconnected", "polling", "c9", "connected"]);
});

for (const status of [200, 302, 400, 403, 404, 426, 501]) {
  test(`[AC19] where something on the way answers a WebSocket with ${status}, the server is polled`, async (t) => {
    const { server, heard, state, moveUntil } = await startSubscription(t);
    server.refusals.push({ status }, { status });
    await moveUntil(() => server.polls.length === 1, 1);
    server.polls[0]?.answer(0);
    await server.until(() => heard.includes("polling"));
    state.cursor = "c1" as Cursor;
    await server.until(() => server.polls.length === 2);
    assert.match(server.polls[1]?.url ?? "", /timeout=5\d$/);
  });
}

test("[AC25] questions that are cut off become shorter, and nothing is told of it", async (t) => {
  const { server, heard, timing } = await startSubscription(t);
  server.refusals.push({ status: 403 });
  await server.until(() => server.polls.length === 1);
  server.polls[0]?.answer(0);
  for (let nth = 1; nth <= 3; nth += 1) {
    await server.until(() => server.polls.length === nth + 1);
    await timing.advance(5000);
    server.polls[nth]?.breakOff();
  }
  await server.until(() => server.polls.length === 5);
  const seconds = server.polls.map(({ url }) => Number(/timeout=(\d+)/.exec(url)?.[1]));
  assert.deepEqual(seconds, [0, 55, 4, 4, 4]);
  assert.deepEqual(heard, ["disconnected", "polling"]);
  server.polls[4]?.breakOff();
  await server.until(() => heard.length === 3);
  assert.deepEqual(heard, ["disconnected", "polling", "disconnected"]);
});

test("[AC24] another network, or waking up, makes a new connection at once", async (t) => {
  const { server, heard, network } = await startSubscription(t);
  await server.until(() => heard.includes("connected"));
  network.change();
  await server.until(() => heard.length === 3);
  assert.deepEqual(heard, ["connected", "disconnected", "connected"]);
  // Also where the way was closed, and the next try is a long time away.
  server.refusals.push({ status: 503, headers: "retry-after: 3000\r\n" });
  network.change();
  await server.until(() => server.polls.length === 1);
  server.polls[0]?.answer(0);
  await server.until(() => heard.at(-1) === "polling");
  network.change();
  await server.until(() => heard.at(-1) === "connected");
  assert.equal(network.listeners.size, 1);
});

test("[AC20] an expired token is renewed, before the connection and within it", async (t) => {
  const { server, heard, moveUntil } = await startSubscription(t);
  server.refusals.push({ status: 401 });
  await moveUntil(() => heard.includes("connected"), 1);
  assert.deepEqual(server.tokens, ["Bearer t1", "Bearer t2"]);
  server.sockets[0]?.close(4401);
  await server.until(() => heard.length === 4);
  assert.deepEqual(heard, ["disconnected", "connected", "disconnected", "connected"]);
  assert.deepEqual(server.tokens, ["Bearer t1", "Bearer t2", "Bearer t3"]);
});

test("[AC20] a revoked login ends the subscription", async (t) => {
  const revoked = { get: async () => "t1", renew: () => Promise.reject(new LoginRevokedError()) };
  const { server, heard, subscription } = await startSubscription(t, revoked);
  server.refusals.push({ status: 401 });
  await subscription.closed;
  assert.deepEqual(heard, ["disconnected", "this device's login was revoked"]);
});

test("[AC22] a cursor that the server refuses is left out at the next connection", async (t) => {
  const { server, heard, moveUntil } = await startSubscription(t);
  server.refusals.push({ status: 410 });
  await moveUntil(() => heard.includes("connected"), 1);
  assert.match(server.urls[0] ?? "", /cursor=c0$/);
  assert.doesNotMatch(server.urls[1] ?? "", /cursor/);
});

test("[AC21] after the close nothing is told, and the connection is gone", async (t) => {
  const { server, heard, subscription } = await startSubscription(t);
  await server.until(() => heard.includes("connected"));
  const gone = new Promise((resolve) => server.sockets[0]?.on("close", resolve));
  subscription.close();
  await subscription.closed;
  await gone;
  assert.deepEqual(heard, ["connected"]);
});

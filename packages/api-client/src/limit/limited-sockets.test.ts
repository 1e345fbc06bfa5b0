import assert from "node:assert/strict";
import { test } from "node:test";
import { virtualTiming } from "../retry/virtual-timing.fixture.ts";
import type { SocketHandlers, SocketTransport } from "../transport/socket-transport.ts";
import type { HttpTransport } from "../transport/transport.ts";
import { limitedSockets } from "./limited-sockets.ts";
import { limitedTransport } from "./limited-transport.ts";
import { rateLimits } from "./rate-limits.ts";

test("[AC44] what the server pushes is told at once, and paid for by what is fetched next", async () => {
  const timing = virtualTiming();
  const limits = rateLimits(() => ({ up: null, down: 10_000 }), timing);
  const told: string[] = [];
  const own: SocketHandlers = {
    onOpen: () => undefined,
    onMessage: (text) => told.push(text),
    onAlive: () => undefined,
    onClose: () => undefined,
  };
  let push: ((text: string) => void) | undefined;
  const inner: SocketTransport = {
    open(_request, handlers) {
      push = (text) => handlers.onMessage(text);
      return { ping: () => undefined, terminate: () => undefined };
    },
  };
  limitedSockets(inner, limits).open({ path: "/", headers: {} }, own);
  push?.("x".repeat(100_000));
  push?.("y");
  assert.deepEqual(
    told.map((text) => text.length),
    [100_000, 1],
  );
  const answer: HttpTransport = {
    send: async () => ({ status: 200, headers: {}, body: new Uint8Array(20_000) }),
    close: async () => undefined,
  };
  let isThrough = false;
  const request = { method: "GET", path: "/", headers: {}, idempotent: true, signal: undefined } as const;
  const fetching = limitedTransport(answer, limits)
    .send(request)
    .then(() => (isThrough = true));
  await timing.advance(11_000);
  assert.equal(isThrough, false);
  await timing.advance(2000);
  assert.equal(isThrough, true);
  await fetching;
});

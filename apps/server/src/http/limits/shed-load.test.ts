import assert from "node:assert/strict";
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { App } from "../route-context.ts";
import { call, startTestServer } from "../test-server.fixture.ts";

test("[OP32] while there is too much to do, pictures are sent away before listings and listings before saves, and what is in hand is measured", async (t) => {
  const { prepare, hold, release } = heldRoute();
  const server = await startTestServer(t, { maxRequests: 16, prepare });
  const ann = await server.signUp("ann");
  const statuses = async (): Promise<number[]> => [
    (await ann.get("/v1/files/thumbnail?file_id=root")).status,
    (await call(`${server.url}/s/token/picture/file`, "GET")).status,
    (await call(`${server.url}/s/token/archive`, "GET")).status,
    (await ann.get("/v1/sync/changes")).status,
    (await call(`${server.url}/v1/auth/logout`, "POST", { json: {} })).status,
    (await call(`${server.url}/healthz`, "GET")).status,
  ];
  const idle = await statuses();
  assert.ok(!idle.includes(503), `${idle.join(" ")} with nothing in hand`);
  const holding: Promise<unknown>[] = [];
  const holdUpTo = async (count: number): Promise<void> => {
    while (holding.length < count) holding.push((await hold(server.url)).answer);
  };
  await holdUpTo(1);
  assert.deepEqual(await statuses(), [503, 503, 503, ...idle.slice(3)]);
  await holdUpTo(4);
  assert.deepEqual(await statuses(), [503, 503, 503, 503, ...idle.slice(4)]);
  await holdUpTo(16);
  assert.deepEqual(await statuses(), [503, 503, 503, 503, 503, ...idle.slice(5)]);
  const refused = await ann.get("/v1/sync/changes");
  assert.equal(refused.body.code, "unavailable");
  assert.match(refused.headers.get("retry-after") ?? "", /^[1-8]$/);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  assert.match(metrics, /^satchel_requests_in_hand 16$/m);
  assert.match(metrics, /^satchel_requests_shed_total\{priority="listing"\} 3$/m);
  release();
  await Promise.all(holding);
  assert.deepEqual(await statuses(), idle);
});

test("[OP32] what comes slowly is not in hand before it has come", async (t) => {
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const prepare = (app: App): void => {
    void app.register(async (scope: App) => {
      scope.addContentTypeParser("application/octet-stream", (_request, payload, done) => done(null, payload));
      scope.post("/slow", { config: { access: "public" } }, async ({ body }) => {
        begun.resolve();
        for await (const _piece of body as AsyncIterable<Uint8Array>);
        await goOn.promise;
        return {};
      });
    });
  };
  const server = await startTestServer(t, { maxRequests: 16, prepare });
  const inHand = async (): Promise<string | undefined> =>
    /^satchel_requests_in_hand (\d+)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1];
  const sending = request(`${server.url}/slow`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream", "content-length": "2" },
  });
  const answered = once(sending, "response");
  sending.write("a");
  await begun.promise;
  assert.equal(await inHand(), "0");
  sending.end("b");
  while ((await inHand()) !== "1") await setImmediate();
  goOn.resolve();
  const [response] = (await answered) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  assert.equal(await inHand(), "0");
});

/** A route whose requests are in hand until they are let go, all at once. */
function heldRoute() {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let entered = (): void => {};
  return {
    prepare: (app: App): void => {
      app.post("/hold", { config: { access: "public" } }, async () => {
        entered();
        await released;
        return {};
      });
    },
    /** Resolves when it is in hand, with its answer to come. */
    hold: async (url: string): Promise<{ answer: Promise<unknown> }> => {
      const { promise: isIn, resolve } = Promise.withResolvers<void>();
      entered = resolve;
      const answer = call(`${url}/hold`, "POST", { json: {} });
      await isIn;
      return { answer };
    },
    release,
  };
}

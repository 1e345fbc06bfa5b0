import assert from "node:assert/strict";
import { test } from "node:test";
import { once } from "node:events";
import { WebSocket } from "ws";
import { call, startTestServer } from "../test-server.fixture.ts";

test("[OP21] a process answers what its roles are for, and sends everything else away for a moment", async (t) => {
  const api = await startTestServer(t, { roles: ["api"] });
  const notify = await startTestServer(t, { roles: ["notify"], metadata: api.metadata });
  const worker = await startTestServer(t, { roles: ["worker"] });
  await api.signUp("ann");
  const device = await api.signIn("ann");
  assert.equal((await device.get("/v1/files/metadata?folder_id=root")).status, 200);

  const refused = await device.get("/v1/sync/poll?timeout=0");
  assert.deepEqual([refused.status, refused.body.code, refused.headers.get("retry-after")], [503, "unavailable", "1"]);
  const socket = new WebSocket(`${api.url.replace("http", "ws")}/v1/sync/notifications`, {
    headers: device.authorization,
  });
  socket.on("error", () => undefined);
  const [, answer] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
  assert.equal(answer.statusCode, 503);
  socket.terminate();

  // Who it is isn't even looked at.
  for (const { url } of [notify, worker]) {
    assert.equal((await call(`${url}/v1/files/metadata?folder_id=root`, "GET")).status, 503);
    assert.equal((await call(`${url}/nothing/here`, "GET")).status, 503);
  }
  assert.equal((await call(`${notify.url}/v1/sync/poll`, "GET")).status, 401);
  assert.equal((await call(`${worker.url}/v1/sync/poll`, "GET")).status, 503);
  for (const { url } of [api, notify, worker])
    for (const path of ["/healthz", "/readyz", "/metrics"])
      assert.equal((await call(url + path, "GET")).status, 200, `${url}${path}`);
});

import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { createConnection, createServer } from "node:net";
import { once } from "node:events";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { connectControl } from "./control-client.ts";
import { startControlServer } from "./control-server.ts";
import type { ControlHandlers } from "./control-server.ts";
import type { SyncEvent } from "./control-protocol.ts";
import type { SyncReport } from "./sync-report.ts";

const report = { state: "synced", folder: "/f" } as SyncReport;

function handlersWith(own: Partial<ControlHandlers>): ControlHandlers {
  const nothing = async (): Promise<null> => null;
  return {
    status: async () => report,
    item: async ({ path }) => ({ path, state: "synced" }),
    wait: async () => true,
    reload: nothing,
    find: nothing,
    paths: async () => [],
    why: async () => [],
    verify: () => Promise.reject(new Error("nothing to compare")),
    stop: nothing,
    ...own,
  };
}

test("[CL16] the socket is for its user only, and one that a dead process left is replaced", async () => {
  await using directory = await temporaryDirectory("ctl");
  const path = directory.join("s");
  assert.equal(await connectControl(path), undefined);
  const dead = createServer().listen(path);
  await once(dead, "listening");
  const server = await startControlServer(path, handlersWith({}));
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const client = await connectControl(path);
  assert.deepEqual(await client?.call("status", {}), report);
  client?.close();
  await server.close();
  dead.close();
});

test("[CL17] a question that takes its time holds up no other", async () => {
  await using directory = await temporaryDirectory("ctl");
  const path = directory.join("s");
  const waiting = Promise.withResolvers<boolean>();
  const server = await startControlServer(path, handlersWith({ wait: () => waiting.promise }));
  const client = await connectControl(path);
  assert.ok(client);
  const waited = client.call("wait", { timeoutMs: null });
  assert.deepEqual(await client.call("item", { path: "ü\n" }), { path: "ü\n", state: "synced" });
  waiting.resolve(false);
  assert.equal(await waited, false);
  client.close();
  await server.close();
});

test("[CL17] a failing call is an error with its sentence, and the connection goes on", async () => {
  await using directory = await temporaryDirectory("ctl");
  const path = directory.join("s");
  const server = await startControlServer(path, handlersWith({ reload: () => Promise.reject(new Error("not now")) }));
  const client = await connectControl(path);
  assert.ok(client);
  await assert.rejects(client.call("reload", {}), new Error("not now"));
  await assert.rejects(client.call("toString" as "reload", {}), new Error("this version of Satchel has no 'toString'"));
  assert.equal(await client.call("stop", {}), null);
  client.close();
  await server.close();
});

test("[CL17] what is no request ends its connection and no other", async () => {
  await using directory = await temporaryDirectory("ctl");
  const path = directory.join("s");
  const server = await startControlServer(path, handlersWith({}));
  const client = await connectControl(path);
  for (const nonsense of ["not json\n", "null\n", "[]\n", '{"id":"x"}\n', '{"id":1}\n']) {
    const socket = createConnection(path);
    const closed = once(socket, "close");
    socket.on("error", () => undefined);
    socket.resume().write(nonsense);
    await closed;
  }
  assert.deepEqual(await client?.call("status", {}), report);
  client?.close();
  await server.close();
});

test("subscribers are told events, others are not", async () => {
  await using directory = await temporaryDirectory("ctl");
  const path = directory.join("s");
  const server = await startControlServer(path, handlersWith({}));
  const heard: SyncEvent[] = [];
  const [listening, silent] = [
    await connectControl(path, (event) => heard.push(event)),
    await connectControl(path, () => assert.fail()),
  ];
  await listening?.call("subscribe", {});
  server.emit({ event: "state", state: "syncing" });
  server.emit({ event: "state", state: "synced" });
  await listening?.call("status", {});
  await silent?.call("status", {});
  assert.deepEqual(
    heard.map((event) => event["state"]),
    ["syncing", "synced"],
  );
  await server.close();
  await Promise.all([listening?.ended, silent?.ended]);
});

test("[CL19] who waits for an answer when the sync ends is told", async () => {
  await using directory = await temporaryDirectory("ctl");
  const path = directory.join("s");
  let gone = false;
  const never = (_args: unknown, signal: AbortSignal): Promise<boolean> =>
    new Promise(() => signal.addEventListener("abort", () => (gone = true)));
  const server = await startControlServer(path, handlersWith({ wait: never }));
  const client = await connectControl(path);
  assert.ok(client);
  const waiting = assert.rejects(
    client.call("wait", { timeoutMs: null }),
    new Error("the sync ended before it answered"),
  );
  await client.call("status", {});
  await server.close();
  await waiting;
  await client.ended;
  assert.ok(gone);
  await assert.rejects(client.call("status", {}), new Error("the sync ended before it answered"));
});

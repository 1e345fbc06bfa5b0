import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { startConnectProxy } from "@satchel/testkit";
import { signIn } from "./support/device.ts";
import { eventually } from "./support/eventually.ts";
import { openStage } from "./support/stage.ts";

const TIMEOUT_MS = 120_000;

test("[CL34] a device behind a proxy syncs both ways, and hears at once", async (t) => {
  await using stage = await openStage({ devices: ["a"] });
  const { server, account, directory } = stage;
  await using proxy = await startConnectProxy({ hosts: { "satchel.test": server.port }, login: "ann:secret" });
  // What is started from here on sees the proxy, and no other way to the server.
  process.env["HTTP_PROXY"] = `http://ann:secret@127.0.0.1:${proxy.port}`;
  t.after(() => delete process.env["HTTP_PROXY"]);
  await mkdir(`${directory}/proxied`);
  await using b = await signIn({ directory: `${directory}/proxied`, name: "b", url: "http://satchel.test", account });
  await b.start();
  await writeFile(b.path("from-b.bin"), Buffer.alloc(2_000_000, "b"));
  await b.wait(TIMEOUT_MS / 1000);
  const a = stage.device("a");
  await a.wait(TIMEOUT_MS / 1000);
  assert.equal((await readFile(a.path("from-b.bin"))).length, 2_000_000);
  await writeFile(a.path("from-a.txt"), "hello");
  await eventually(async () => (await readFile(b.path("from-a.txt"), "utf8")) === "hello", {
    timeoutMs: TIMEOUT_MS,
    what: "the change to come through the proxy",
  });
  assert.ok(proxy.asked.includes("CONNECT satchel.test:80"), "the WebSocket went through a tunnel");
  assert.ok(proxy.asked.some((line) => line.startsWith("POST satchel.test")));
});

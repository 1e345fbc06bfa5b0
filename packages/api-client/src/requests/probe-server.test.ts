import assert from "node:assert/strict";
import { test } from "node:test";
import { probeServer } from "./probe-server.ts";
import { json, scriptedTransport } from "./scripted-transport.fixture.ts";

const nowMs = Date.parse("2026-11-23T12:00:00.500Z");
const timing = { nowMs: () => nowMs };

test("[AC43] a probe tells the API's version and how far the clocks are apart", async () => {
  const healthy = { ...json({ status: "ok" }), headers: { date: "Mon, 23 Nov 2026 12:05:00 GMT" } };
  const transport = scriptedTransport([json({ info: { version: "1.4.0" } }), healthy]);
  assert.deepEqual(await probeServer("http://server", timing, transport), {
    roundTripMs: 0,
    clockAheadMs: 300_000,
    apiVersion: "1.4.0",
  });
});

test("[AC43] what is no Satchel server has no version", async () => {
  const page = { status: 200, headers: {}, body: new TextEncoder().encode("<html>") };
  const transport = scriptedTransport([page, page]);
  const probe = await probeServer("http://server", timing, transport);
  assert.deepEqual([probe.apiVersion, probe.clockAheadMs], [undefined, undefined]);
});

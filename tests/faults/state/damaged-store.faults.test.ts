import assert from "node:assert/strict";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { checkStore, serverConfig } from "@satchel/server";
import { eventually } from "../../e2e/support/eventually.ts";
import { openPlace, statusOf, waitForEqual, waitForNoIssues } from "../support/place.ts";
import { overwrite, TIMEOUT_MS, writeSome } from "../support/some-files.ts";

test("[FT45] [AP47] [EN90] [EN91] what is damaged on the server's disk is reported, never spread, and brought again by a device that has it", async () => {
  await using place = await openPlace();
  const a = await place.device("a", place.server.url);
  await writeSome(a, "docs");
  await a.wait(60);
  await a.stop();
  await place.server.stop();
  const packs = (await readdir(place.server.dataDirectory, { recursive: true })).filter((path) => /packs\//.test(path));
  assert.ok(packs.length > 0);
  for (const pack of packs) {
    const path = join(place.server.dataDirectory, pack);
    const { size } = await stat(path);
    for (const share of [0.001, 0.4, 0.7]) await overwrite(path, Math.floor(size * share), 40);
  }
  await place.server.restart();
  const check = async () => await checkStore(serverConfig({ data: place.server.dataDirectory }, {}));
  const found = (await check()).problems.map(({ code }) => code);
  assert.ok(found.length >= 2 && found.every((code) => code === "chunk_corrupt"), found.join());

  // Nobody who has it is there: everything else is brought, and nothing of it is shown.
  const b = await place.device("b", place.server.url);
  const told = async (): Promise<boolean> => {
    const { issues } = await statusOf(b);
    return issues.some(({ message }) => message.includes("damaged")) && !issues.some(({ code }) => code === "offline");
  };
  await eventually(told, { timeoutMs: TIMEOUT_MS, intervalMs: 200, what: "B to tell what is damaged" });
  const arrived = async (): Promise<boolean> => (await readdir(b.path("docs"))).length >= 15;
  await eventually(arrived, { timeoutMs: TIMEOUT_MS, what: "what is not damaged" });
  for (const name of await readdir(b.path("docs")))
    assert.deepEqual(await readFile(b.path("docs", name)), await readFile(a.path("docs", name)), name);

  // B tries each minute at the latest.
  await a.start();
  await waitForEqual([a, b], TIMEOUT_MS);
  await b.wait(60);
  await waitForNoIssues(b);
  assert.deepEqual((await check()).problems, []);
});

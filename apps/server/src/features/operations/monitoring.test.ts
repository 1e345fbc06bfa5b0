import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { createMetrics } from "./metrics.ts";

const names = /\b(?:satchel|process)_[a-z_]+\b/g;
/** What Prometheus makes of a histogram's name. */
const suffixes = /_(?:bucket|count|sum)$/;

for (const file of ["alerts.yml", "dashboard.json"]) {
  test(`every figure that deploy/monitoring/${file} asks for is one that the server gives [OP24]`, async () => {
    const asked = await readExpressions(file);
    const given = await givenNames();
    assert.ok(asked.size >= 8, [...asked].join());
    for (const name of asked) assert.ok(given.has(name.replace(suffixes, "")), `nobody gives ${name}`);
  });
}

async function readExpressions(file: string): Promise<Set<string>> {
  const url = new URL(`../../../../../deploy/monitoring/${file}`, import.meta.url);
  const lines = (await readFile(url, "utf8")).split("\n").filter((line) => /^\s*"?expr"?:/.test(line));
  return new Set(lines.flatMap((line) => line.match(names) ?? []));
}

async function givenNames(): Promise<Set<string>> {
  const metrics = createMetrics({
    chunks: { statistics: async () => ({ chunks: 0, plainBytes: 0, storedBytes: 0, occupiedBytes: 0 }) },
    metadata: {
      mail: { counts: async () => ({ waiting: 0, givenUp: 0 }) },
      tasks: { counts: async () => [] },
      outbox: { list: async () => [] },
      scans: { countHeld: async () => 0 },
      scrub: { countDamaged: async () => 0 },
    },
    host: { nowMs: () => 0 },
    connections: () => 0,
    cache: { statistics: () => ({ hits: 0, misses: 0, failures: 0 }) },
    replica: () => ({ replica: 0, behind: 0, away: 0 }),
  });
  const { text } = await metrics.render();
  return new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name as string));
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { openOnDemand } from "./open-on-demand.ts";
import type { SearchIndex } from "./search-index.ts";
import { openInThreadSearchIndex } from "./sqlite/open-in-thread-search.ts";

function start(open: () => Promise<SearchIndex>) {
  const seen = { opened: 0, failures: 0, nowMs: 0 };
  const index = openOnDemand({
    open() {
      seen.opened += 1;
      return open();
    },
    nowMs: () => seen.nowMs,
    onFailure: () => void (seen.failures += 1),
  });
  return { index, seen };
}

const query = { after: undefined, limit: 10 };

test("[SR12] the index is opened once, by the first who asks, and not at all by who doesn't", async () => {
  const { index, seen } = start(() => openInThreadSearchIndex({ path: ":memory:", key: new Uint8Array(32) }));
  assert.equal(seen.opened, 0);
  const asked = [index.listWorkspaces(query), index.listWorkspaces(query)];
  assert.deepEqual(await Promise.all(asked), [[], []]);
  assert.equal(seen.opened, 1);
  await index.close();
  await assert.rejects(index.listWorkspaces(query), { code: "unavailable" });
  const unasked = start(() => assert.fail("nobody asked"));
  await unasked.index.close();
  assert.equal(unasked.seen.opened, 0);
});

test("[SR12] an index that can't be opened is unavailable, and tried again after a while", async () => {
  let isFull = true;
  const { index, seen } = start(async () => {
    if (isFull) throw new Error("the disk is full");
    return openInThreadSearchIndex({ path: ":memory:", key: new Uint8Array(32) });
  });
  await assert.rejects(index.listWorkspaces(query), { code: "unavailable" });
  isFull = false;
  await assert.rejects(index.listWorkspaces(query), { code: "unavailable" });
  assert.deepEqual(seen, { opened: 1, failures: 1, nowMs: 0 });
  seen.nowMs = 10_000;
  assert.deepEqual(await index.listWorkspaces(query), []);
  await index.close();
});

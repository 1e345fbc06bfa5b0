import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cursor } from "@satchel/protocol";
import type { RemoteOperation } from "@satchel/reconcile";
import { Offers } from "../books/offers.ts";
import { entryId, localLike, openState, remoteFolder, rootId } from "../books/record.fixture.ts";
import { RemoteFeed } from "../feed/remote-feed.ts";
import { MountBook } from "../mounts/mount-book.ts";
import type { Server } from "../ports/server.ts";
import { ManifestStore } from "../state/manifest-store.ts";
import { Carry } from "./carry.ts";
import { commitAll, type CommitContext } from "./commit-queue.ts";
import { TransferMeter } from "./transfer-meter.ts";

const seen = "1.epoch" as Cursor;
const many = Array.from({ length: 30 }, (_, nth) => entryId(nth + 1));

test("[EN11] what changes is written down before it is sent, however much it is; many new entries while that costs little", async () => {
  const create = (id: (typeof many)[number]): RemoteOperation => ({
    do: "create_remote",
    id,
    place: { parentId: rootId, name: `n${id}` },
  });
  assert.deepEqual(await stepsOf(many.map(create)), ["keep if cheap", "commit"]);
  assert.deepEqual(await stepsOf(many.slice(0, 20).map(create)), ["keep", "commit"]);
  assert.deepEqual(await stepsOf(many.map((id) => ({ do: "delete_remote", id }))), ["keep", "commit"]);
});

/** What happens, in order, while these are committed. */
async function stepsOf(plans: readonly RemoteOperation[]): Promise<string[]> {
  const steps: string[] = [];
  const state = openState();
  state.transaction(() => {
    for (const id of many) state.local.put(localLike(remoteFolder(id, `n${id}`)));
  });
  const parts = { state, manifests: new ManifestStore(state.database), offers: new Offers(state.database) };
  const server: Pick<Server, "commit"> = {
    commit: ({ operations }) => {
      steps.push("commit");
      const results = operations.map(() => ({ status: "done" as const, sequence: 2, version_id: null }));
      return Promise.resolve({ results, before: seen, cursor: seen });
    },
  };
  const outside = {
    server: server as Server,
    onRemoteMoved: () => undefined,
    keepIfDue: () => Promise.resolve(),
    clock: { nowMs: () => 0, sleep: () => Promise.resolve() },
    entropy: { bytes: (count: number) => new Uint8Array(count) },
  };
  const context: CommitContext = {
    ...parts,
    ...outside,
    feed: new RemoteFeed({ ...parts, ...outside, mounts: new MountBook(state) }),
    carry: new Carry(),
    meter: new TransferMeter(),
    resend: new Set(),
    keep: () => Promise.resolve(void steps.push("keep")),
    keepIfCheap: () => Promise.resolve(void steps.push("keep if cheap")),
    onRefused: (_id, code) => assert.fail(code),
    onGap: () => undefined,
  };
  await commitAll(context, { operations: plans.map((plan) => ({ plan, baseVersionId: null })), seen });
  state.close();
  return steps;
}

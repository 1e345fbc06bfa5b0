import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ProblemError } from "@satchel/protocol";
import { startPostgresPair, type PostgresPair } from "@satchel/testkit";
import { WorkspaceFixture } from "../contract/workspace-fixture.ts";
import type { MetadataStore } from "../metadata-store.ts";
import type { ReplicaStatistics } from "../replica-statistics.ts";
import { withReplicaReads, type ReplicaStore } from "../replica/replica-reads.ts";
import { openPostgresMetadataStore } from "./open-postgres-store.ts";
import { openPostgresReplica } from "./open-postgres-replica.ts";

/** On a machine that is busy with other tests, too. */
const patienceMs = 120_000;

describe("PostgreSQL with a replica", () => {
  let pair: PostgresPair;
  let store: MetadataStore;
  let replica: ReplicaStore;
  let statistics: () => ReplicaStatistics;
  before(async () => {
    pair = await startPostgresPair();
    const primary = await openPostgresMetadataStore({ url: pair.url, randomBytes, poolSize: 4 });
    replica = openPostgresReplica({ url: pair.replicaUrl, poolSize: 4 });
    ({ store, statistics } = withReplicaReads(primary, replica, { nowMs: Date.now }));
  });
  after(async () => {
    await Promise.all([store.close(), replica.close()]);
    await pair[Symbol.asyncDispose]();
  });

  test("[MD96] whoever reads sees their last write, while the replica is behind and once it isn't", async () => {
    const ws = await WorkspaceFixture.create(store);
    await pair.setReplayPaused(true);
    await commitAndRead(ws, () => statistics().behind > 0);
    await pair.setReplayPaused(false);
    await commitAndRead(ws, () => statistics().replica > 0);
  });

  test("[MD98] when the replica takes the primary's place, all that was acknowledged is there, and work goes on", async () => {
    const ws = await WorkspaceFixture.create(store);
    const names: string[] = [];
    let failedOver: Promise<void> | undefined;
    let refusals = 0;
    let after = 0;
    const deadline = Date.now() + patienceMs;
    // Thirty folders before, as many as go while the servers change places, and thirty behind it.
    while (after < 30 && Date.now() < deadline) {
      const name = `folder ${names.length + refusals}`;
      try {
        await makeFolder(ws, name);
        names.push(name);
        if (refusals > 0) after += 1;
      } catch (error) {
        if (!(error instanceof ProblemError) || error.code !== "unavailable") throw error;
        refusals += 1;
        await sleep(20);
      }
      if (names.length === 30) failedOver ??= pair.failOver();
    }
    await failedOver;
    assert.equal(after, 30, `${names.length} folders, ${refusals} refused`);
    const { entries } = await store.tree.listFolder({ folderId: ws.root, after: undefined, limit: 10_000 });
    const there = new Set(entries.map((entry) => entry.name));
    assert.deepEqual(
      names.filter((name) => !there.has(name)),
      [],
    );
    assert.deepEqual((await store.maintenance.check(ws.workspaceId)).problems, []);
  });

  test("[MD97] without any replica the primary answers", async () => {
    const gone = openPostgresReplica({ url: "postgres://nobody@127.0.0.1:1/none" });
    const alone = withReplicaReads(store, gone, { nowMs: Date.now });
    const ws = await WorkspaceFixture.create(store);
    const { entries } = await alone.store.tree.listFolder({ folderId: ws.root, after: undefined, limit: 10 });
    assert.deepEqual([entries, alone.statistics().away], [[], 1]);
    await gone.close();
  });
});

async function makeFolder(ws: WorkspaceFixture, name: string): Promise<number> {
  const { sequence } = await ws.done({ op: "create_folder", id: ws.newId(), parent_id: ws.root, name });
  return sequence;
}

/** Writes and reads until it came to what was waited for. */
async function commitAndRead(ws: WorkspaceFixture, came: () => boolean): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!came() && Date.now() < deadline) {
    const sequence = await makeFolder(ws, randomBytes(6).toString("hex"));
    const page = await ws.store.tree.changesSince({ workspaceId: ws.workspaceId, after: undefined, limit: 10_000 });
    assert.equal(page.position.sequence, sequence);
    assert.equal(page.changes.at(-1)?.sequence, sequence);
  }
  assert.ok(came());
}

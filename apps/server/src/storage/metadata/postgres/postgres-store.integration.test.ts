import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { CommitOperation } from "@satchel/protocol";
import { startPostgres, type RunningPostgres } from "@satchel/testkit";
import { checkContract } from "../contract/check.contract.ts";
import { quotaContract } from "../contract/quota.contract.ts";
import { metadataStoreContract } from "../contract/metadata-store.contract.ts";
import { chunkOf, WorkspaceFixture } from "../contract/workspace-fixture.ts";
import { migrationContract } from "../migrations/migrate.contract.ts";
import { openPostgresDatabase } from "../sql/postgres-database.ts";
import { openPostgresMetadataStore } from "./open-postgres-store.ts";

/** How long is waited for what comes when the machine has time for it. */
const patienceMs = 120_000;

describe("PostgreSQL", () => {
  let postgres: RunningPostgres;
  /** Of a database that may be damaged. */
  let checkedUrl = "";
  before(async () => {
    postgres = await startPostgres();
    checkedUrl = await postgres.createDatabase();
  });
  after(async () => {
    await postgres.stop();
  });
  metadataStoreContract("PostgreSQL", () => openPostgresMetadataStore({ url: postgres.url, randomBytes }), {
    keepsOutbox: true,
  });
  checkContract("PostgreSQL", () => openPostgresDatabase({ url: checkedUrl }));
  quotaContract("PostgreSQL", async () => openPostgresDatabase({ url: await postgres.createDatabase() }));
  migrationContract("PostgreSQL", async () => openPostgresDatabase({ url: await postgres.createDatabase() }));

  test("[MD1] parallel commits to one workspace from two programs lose and reorder no sequence", async () => {
    const options = { url: postgres.url, randomBytes, poolSize: 4 };
    const stores = [await openPostgresMetadataStore(options), await openPostgresMetadataStore(options)];
    const ws = await WorkspaceFixture.create(stores[0] ?? assert.fail());
    const sequences: number[] = [];
    const commit = async (index: number) => {
      const operations = [0, 1].map(() => newFolder(ws));
      const batch = {
        workspaceId: ws.workspaceId,
        author: { accountId: ws.accountId, deviceId: null },
        seenSequence: 0,
      };
      const store = stores[index % 2] ?? assert.fail();
      const outcome = await store.tree.commit({ ...batch, operations, idempotency: undefined, nowMs: index });
      const [first, second] = outcome.results;
      assert.ok(first?.status === "done" && second?.status === "done");
      assert.deepEqual([first.sequence, second.sequence], [outcome.before.sequence + 1, outcome.after.sequence]);
      sequences.push(first.sequence, second.sequence);
    };
    await Promise.all(Array.from({ length: 60 }, (_, index) => commit(index)));
    assert.deepEqual(
      sequences.toSorted((a, b) => a - b),
      Array.from({ length: 120 }, (_, index) => index + 1),
    );
    assert.deepEqual((await ws.store.maintenance.check(ws.workspaceId)).problems, []);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("[MD34] a release never takes a chunk from a commit, a grant or a promise that runs beside it", async () => {
    const store = await openPostgresMetadataStore({ url: postgres.url, randomBytes, poolSize: 8 });
    const ws = await WorkspaceFixture.create(store);
    const hour = 3_600_000;
    for (let round = 0; round < 15; round += 1) {
      const [committed, promised] = [chunkOf(`committed ${round}`), chunkOf(`promised ${round}`)];
      await store.ledger.grant(ws.workspaceId, [committed, promised], 0);
      const content = await ws.content([`committed ${round}`], { isGranted: false });
      const [outcome, sizes] = await Promise.all([
        ws.commit([{ op: "create_file", id: ws.newId(), parent_id: ws.root, name: `file ${round}`, content }]),
        store.ledger.sizesOfHeld(ws.workspaceId, [promised.hash], 10 * hour),
        store.maintenance.releaseChunks({ workspaceId: ws.workspaceId, beforeMs: 5 * hour, limit: 10 }),
      ]);
      const held = await store.maintenance.listHeldChunks({
        workspaceId: ws.workspaceId,
        after: undefined,
        limit: 100,
      });
      const isHeld = (hash: string) => held.some((chunk) => chunk.hash === hash);
      assert.equal(isHeld(committed.hash), outcome.results[0]?.status === "done");
      assert.equal(isHeld(promised.hash), sizes[0] !== undefined);
    }
    assert.deepEqual((await store.maintenance.check(ws.workspaceId)).problems, []);
    await store.close();
  });

  test("two programs may start on one empty database at once", async () => {
    const url = await postgres.createDatabase();
    const stores = await Promise.all([1, 2, 3].map(() => openPostgresMetadataStore({ url, randomBytes })));
    await Promise.all(stores.map((store) => store.ping()));
    await Promise.all(stores.map((store) => store.close()));
  });

  test("a database that can't be reached is unavailable, with a time to come back", async () => {
    const opening = openPostgresMetadataStore({ url: "postgres://nobody@127.0.0.1:1/none", randomBytes });
    await assert.rejects(opening, { code: "unavailable", retryAfterSeconds: 1 });
  });

  test("[MD99] a server that vanishes without a word fails what waits for it, and is gone round once it is back", async () => {
    await using way = await openFreezableWay(new URL(postgres.url));
    const database = openPostgresDatabase({ url: way.url, poolSize: 1, statementTimeoutMs: 2000 });
    await using open = new AsyncDisposableStack();
    open.defer(() => database.close());
    const ask = () => database.read((session) => session.all<{ one: number }>("SELECT 1 AS one"));
    // A machine that is slow may take longer than the limit now and then.
    const askPatiently = async () => {
      const endMs = performance.now() + patienceMs;
      for (;;)
        try {
          return await ask();
        } catch (error) {
          if (performance.now() > endMs) throw error;
          await sleep(100);
        }
    };
    assert.deepEqual(await askPatiently(), [{ one: 1 }]);
    way.setFrozen(true);
    await assert.rejects(ask(), { code: "unavailable" });
    way.setFrozen(false);
    assert.deepEqual(await askPatiently(), [{ one: 1 }]);
  });

  test("lost connections fail their calls, and later calls get new ones", async () => {
    const store = await openPostgresMetadataStore({ url: postgres.url, randomBytes, poolSize: 2 });
    const ws = await WorkspaceFixture.create(store);
    const killer = openPostgresDatabase({ url: postgres.url, poolSize: 1 });
    await killer.read(async (session) => {
      await session.all(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      );
    });
    await killer.close();
    await store.ping().catch(() => undefined);
    await ws.makeFolder("after");
    await store.close();
  });
});

/** A port of loopback that leads to a server; while it is frozen nothing comes back, and nobody hears why. */
async function openFreezableWay(server: URL) {
  let isFrozen = false;
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    const onward = connect(Number(server.port), server.hostname);
    for (const held of [socket, onward]) {
      sockets.add(held);
      held.on("error", () => held.destroy());
    }
    socket.pipe(onward);
    onward.on("data", (bytes) => void (isFrozen || socket.write(bytes)));
    socket.on("close", () => onward.destroy());
    onward.on("close", () => socket.destroy());
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const url = new URL(server);
  url.port = String((listener.address() as AddressInfo).port);
  return {
    url: url.href,
    setFrozen: (frozen: boolean): void => void (isFrozen = frozen),
    async [Symbol.asyncDispose](): Promise<void> {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}

function newFolder(ws: WorkspaceFixture): CommitOperation {
  const id = ws.newId();
  return { op: "create_folder", id, parent_id: ws.root, name: id };
}

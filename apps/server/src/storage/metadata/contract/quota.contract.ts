import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { makeEntryId, makeWorkspaceId, rootEntryId, type CommitOperation, type WorkspaceId } from "@satchel/protocol";
import { migrate } from "../migrations/migrate.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import { createSqlMetadataStore } from "../sql-metadata-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of limits; `open` gives an empty database each time. */
export function quotaContract(name: string, open: () => Promise<SqlDatabase>): void {
  describe(`limits on ${name}`, () => {
    /** An account with a limit, its root folder, and a second folder of its own. */
    async function start(quotaBytes: number | null) {
      const database = await open();
      await migrate(database);
      const store = createSqlMetadataStore({ database, randomBytes });
      const ws = await WorkspaceFixture.create(store, quotaBytes);
      const second = makeWorkspaceId(randomBytes(10));
      await database.transaction(async (session) => {
        await session.run(
          `INSERT INTO workspaces (workspace_id, owner_account_id, head, epoch, feed_horizon, used_bytes, quota_bytes, created_at_ms)
           VALUES ($1, $2, 0, 'e', 0, 0, NULL, 5)`,
          [second, ws.accountId],
        );
        await session.run(
          `INSERT INTO entries (workspace_id, entry_id, name, type, size, executable, sequence) VALUES ($1, $2, '', 'folder', 0, 0, 0)`,
          [second, rootEntryId(second)],
        );
      });
      /** Commits a file of its own 100 bytes. */
      const put = async (workspaceId: WorkspaceId, label: string) => {
        const content = await ws.content([label.padEnd(100, "-")], { isGranted: false });
        const id = makeEntryId(workspaceId, randomBytes(10));
        const operation: CommitOperation = {
          op: "create_file",
          id,
          parent_id: rootEntryId(workspaceId),
          name: id,
          content,
        };
        const chunk = Buffer.from(content.chunks, "base64").subarray(0, 32).toString("hex");
        const outcome = await store.tree.commit({
          workspaceId,
          author: { accountId: ws.accountId, deviceId: null },
          seenSequence: 0,
          operations: [operation],
          granted: [{ hash: chunk as never, sizeBytes: 100 }],
          idempotency: undefined,
          nowMs: 10,
        });
        const [result] = outcome.results;
        return result?.status === "failed" ? result : undefined;
      };
      return { store, ws, second, put };
    }

    test("[SE20] a limit is never exceeded, however many commit at once, and the refusal tells how much is missing", async () => {
      const { store, ws, put } = await start(1050);
      const answers = await Promise.all(Array.from({ length: 16 }, (_, index) => put(ws.workspaceId, `file ${index}`)));
      const refused = answers.filter((answer) => answer !== undefined);
      assert.equal(refused.length, 6);
      for (const { code, missing_bytes } of refused) assert.deepEqual([code, missing_bytes], ["quota_exceeded", 50]);
      assert.equal((await store.ledger.usage(ws.workspaceId)).usedBytes, 1000);
      assert.deepEqual((await store.maintenance.check(ws.workspaceId)).problems, []);
      await store.close();
    });

    test("[SE21] an account's limit holds for all its folders together, also when they are filled at once", async () => {
      const { store, ws, second, put } = await start(1000);
      const places = [ws.workspaceId, second];
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => put(places[index % 2] ?? second, `file ${index}`)),
      );
      assert.equal(answers.filter((answer) => answer !== undefined).length, 10);
      const used = await Promise.all(places.map(async (place) => (await store.ledger.usage(place)).usedBytes));
      assert.equal(
        used.reduce((sum, bytes) => sum + bytes, 0),
        1000,
      );
      assert.deepEqual(await store.ledger.accountUsage(ws.accountId), { usedBytes: 1000, quotaBytes: 1000 });
      const room = await store.ledger.room(second);
      assert.equal(room.quotaBytes, 1000 - (used[0] ?? 0));
      assert.deepEqual(
        await store.ledger.listOwned(ws.accountId),
        places.toSorted((a) => (a === second ? -1 : 1)),
      );
      await store.close();
    });

    test("[SE20] a limit that is lowered keeps what is there and lets nothing more in; one that is taken away lets everything in", async () => {
      const { store, ws, put } = await start(null);
      for (const label of ["a", "b", "c"]) assert.equal(await put(ws.workspaceId, label), undefined);
      await store.ledger.setQuota({ accountId: ws.accountId, quotaBytes: 100 });
      assert.equal((await put(ws.workspaceId, "d"))?.missing_bytes, 300);
      assert.equal(await put(ws.workspaceId, "a"), undefined);
      assert.equal((await store.ledger.usage(ws.workspaceId)).usedBytes, 300);
      await store.ledger.setQuota({ accountId: ws.accountId, quotaBytes: null });
      assert.equal(await put(ws.workspaceId, "e"), undefined);
      await store.close();
    });

    test("[SE23] the use tells files, old versions, trash and what waits apart", async () => {
      const { store, ws } = await start(10_000);
      const folder = await ws.makeFolder("folder");
      const edited = await ws.makeFile("edited", folder, ["1".repeat(100)]);
      await ws.edit(edited, ["2".repeat(250)]);
      await ws.makeFile("twin", ws.root, ["2".repeat(250)]);
      const gone = await ws.makeFolder("gone");
      await ws.makeFile("in a folder that is gone", gone, ["3".repeat(30)]);
      await ws.remove(gone);
      await ws.content(["4".repeat(7)]);
      assert.deepEqual(await store.ledger.use(ws.workspaceId), {
        usedBytes: 380,
        quotaBytes: 10_000,
        pendingBytes: 7,
        filesBytes: 500,
        versionsBytes: 100,
        trashBytes: 30,
      });
      await store.close();
    });
  });
}

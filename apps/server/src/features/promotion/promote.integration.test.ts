import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test, type TestContext } from "node:test";
import type { ChunkHash } from "@satchel/protocol";
import { goesWithout, startPostgres, temporaryDirectory, type RunningPostgres } from "@satchel/testkit";
import { contentOf, sha256, startTestServer, type TestDevice } from "../../http/test-server.fixture.ts";
import { MemoryChunkStore } from "../../storage/chunks/memory-chunk-store.ts";
import { openPostgresMetadataStore } from "../../storage/metadata/postgres/open-postgres-store.ts";
import { sqlMetadataPromotion } from "../../storage/metadata/promotion/sql-metadata-promotion.ts";
import { movedTables } from "../../storage/metadata/promotion/moved-tables.ts";
import { openPostgresDatabase } from "../../storage/metadata/sql/postgres-database.ts";
import type { SqlDatabase } from "../../storage/metadata/sql/sql-database.ts";
import { openSqliteDatabase } from "../../storage/metadata/sql/sqlite-database.ts";
import { openInThreadMetadataStore } from "../../storage/metadata/sqlite/open-in-thread.ts";
import { promote, type PromotionParts } from "./promote.ts";

if (!goesWithout("postgres")) {
  describe("moving to PostgreSQL", () => {
    let postgres: RunningPostgres;
    before(async () => {
      postgres = await startPostgres();
    });
    after(() => postgres.stop());

    /** A server on SQLite that lives, and an empty database. */
    async function start(t: TestContext) {
      const directory = await temporaryDirectory("promote");
      t.after(() => directory.remove());
      const path = directory.join("metadata.db");
      const server = await startTestServer(t, { metadata: await openInThreadMetadataStore({ path, randomBytes }) });
      const url = await postgres.createDatabase();
      const source = openSqliteDatabase({ path });
      const target = openPostgresDatabase({ url });
      const metadata = await openPostgresMetadataStore({ url, randomBytes });
      t.after(() => Promise.all([source.close(), target.close(), metadata.close()]));
      const to = new MemoryChunkStore({ now: Date.now });
      const run = (meanwhile: readonly (() => Promise<unknown>)[], also: Partial<PromotionParts> = {}) => {
        const waiting = [...meanwhile];
        return promote({
          rows: sqlMetadataPromotion({ source, target }),
          from: server.chunks,
          to,
          maintenance: metadata.maintenance,
          tryToHold: () => waiting.length === 0,
          rest: async () => void (await waiting.shift()?.()),
          ...also,
        });
      };
      return { server, source, target, to, metadata, run, ann: await server.signUp("ann") };
    }

    test("[PM2] what is written while it moves arrives: names that were exchanged, what came, changed and went", async (t) => {
      const { server, source, target, to, metadata, run, ann } = await start(t);
      const [one, two, old] = [
        await ann.putFile("one", "1"),
        await ann.putFile("two", "2"),
        await ann.putFile("old", "o"),
      ];
      const rename = (id: string, name: string) =>
        ({ op: "move", id, parent_id: ann.root, name }) as Parameters<TestDevice["commit"]>[0][number];
      const report = await run([
        () => ann.commit([rename(one.id, "x"), rename(two.id, "one")]).then(() => ann.commit([rename(one.id, "two")])),
        () => ann.putFile("three", "3"),
        () => ann.commit([{ op: "delete", id: old.id }]),
        () => server.signUp("bob").then((bob) => bob.putFile("bobs", "b")),
        () => server.signIn("ann"),
        async () => {
          const { workspace_id } = ann.login;
          const beforeMs = server.nowMs() + 1;
          await server.metadata.maintenance.prune({ workspaceId: workspace_id, beforeMs, limit: 100 });
          await server.metadata.maintenance.releaseChunks({ workspaceId: workspace_id, beforeMs, limit: 100 });
        },
      ]);
      assert.deepEqual(report.lost, []);
      assert.ok(report.followedRows > 10, `${report.followedRows} rows`);
      assert.deepEqual(await rowsOf(target), await rowsOf(source));
      const held = ["1", "2", "3", "b"].map((text) => sha256(text) as ChunkHash);
      assert.deepEqual(await to.has(held), [true, true, true, true]);
      const { problems } = await metadata.maintenance.check(ann.login.workspace_id);
      assert.deepEqual(problems, []);
    });

    test("[PM2] a notice that was read, and another of the same subject that came since, both arrive", async (t) => {
      const { server, source, target, run, ann } = await start(t);
      const { account_id: accountId } = ann.login;
      const write = (sql: string) => source.transaction((session) => session.run(sql));
      const note = (id: string, read: string) =>
        `INSERT INTO notices (account_id, notice_id, kind, subject, detail, times, at_ms, read_at_ms) VALUES ('${accountId}', '${id}', 'k', 's', '{}', 1, ${server.nowMs()}, ${read})`;
      await write(note("b", "NULL"));
      await run([
        async () => {
          await write("UPDATE notices SET read_at_ms = 1");
          // Its key comes first: it is written while the other is unread still.
          await write(note("a", "NULL"));
        },
      ]);
      assert.deepEqual(await rowsOf(target), await rowsOf(source));
    });

    test("[PM3] a move that was killed goes on where it was, at whatever step that was", async (t) => {
      const { source, target, run, ann } = await start(t);
      await ann.putFile("one", "1");
      const kill = () => assert.fail("killed");
      const killed = /killed/;
      await assert.rejects(run([], { onStep: kill }), killed, "at the first rows");
      await ann.putFile("two", "2");
      await assert.rejects(run([async () => kill()]), killed, "while it follows");
      await ann.putFile("three", "3");
      await assert.rejects(run([], { to: failing() }), killed, "while it brings chunks");
      const report = await run([() => ann.putFile("four", "4")]);
      assert.deepEqual(report.lost, []);
      assert.deepEqual(await rowsOf(target), await rowsOf(source));
    });

    test("[PM4] into a database that has accounts, or another server's copy, nothing is moved", async (t) => {
      const first = await start(t);
      const second = await start(t);
      const into = (target: SqlDatabase) => ({ rows: sqlMetadataPromotion({ source: second.source, target }) });
      await first.run([]);
      await assert.rejects(second.run([], into(first.target)), { name: "DatabaseInUseError" });
      await sqlMetadataPromotion({ source: first.source, target: first.target }).settle();
      await assert.rejects(second.run([], into(first.target)), { name: "DatabaseInUseError" });
    });

    test("[PM5] a chunk that the server has lost is told, and keeps nothing else from moving; one that nobody holds any more is not", async (t) => {
      const { server, source, target, run, ann } = await start(t);
      await ann.putFile("lost", "lost");
      await ann.commit(
        [
          {
            op: "create_file",
            id: ann.newId(),
            parent_id: ann.root,
            name: "kept",
            content: contentOf([Buffer.from("kept")]),
          },
        ],
        [Buffer.from("kept")],
      );
      const lost = sha256("lost") as ChunkHash;
      await server.chunks.removeUntouchedSince({ hashes: [lost], sinceMs: Number.MAX_SAFE_INTEGER });
      assert.deepEqual((await run([])).lost, [lost]);
      assert.deepEqual(await rowsOf(target), await rowsOf(source));
    });

    function failing(): MemoryChunkStore {
      const store = new MemoryChunkStore({ now: Date.now });
      store.put = async () => assert.fail("killed");
      return store;
    }
  });
}

/** Everything that moves, as text that is the same for both databases. */
async function rowsOf(database: SqlDatabase): Promise<Record<string, string[]>> {
  return database.read(async (session) => {
    const all: Record<string, string[]> = {};
    for (const name of movedTables) {
      const rows = await session.all<Record<string, unknown>>(`SELECT * FROM ${name}`);
      const shown = rows.map((row) =>
        JSON.stringify(
          Object.fromEntries(
            Object.entries(row)
              .map(([column, value]) => [
                column,
                value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value,
              ])
              .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
          ),
        ),
      );
      all[name] = shown.toSorted();
    }
    return all;
  });
}

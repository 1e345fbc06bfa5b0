import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { idPartBytes, makeWorkspaceId, maxSharesOfAccount, ProblemError } from "@satchel/protocol";
import { WorkspaceFixture } from "../contract/workspace-fixture.ts";
import { migrate } from "../migrations/migrate.ts";
import type { MetadataStore } from "../metadata-store.ts";
import { createSqlMetadataStore } from "../sql-metadata-store.ts";
import { openSqliteDatabase } from "../sql/sqlite-database.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";

test("[SH14] an account has no more shared folders than can be listed, its own and those of others together", async (t) => {
  const database = openSqliteDatabase({ path: ":memory:" });
  await migrate(database);
  const store = createSqlMetadataStore({ database, randomBytes });
  t.after(() => store.close());
  const ws = await WorkspaceFixture.create(store);
  const first = await ws.makeFolder("first");
  const last = await ws.makeFolder("last");
  const owned = maxSharesOfAccount - 2;
  await ownShares(database, ws, owned);

  const workspaceId = await share(store, ws, first);
  const others = await WorkspaceFixture.create(store);
  const offered = await share(store, others, await others.makeFolder("offered"));
  await accept(store, others, offered, ws);
  assert.equal((await store.shares.list(ws.accountId)).length, maxSharesOfAccount);

  const isFull = (error: unknown) => error instanceof ProblemError && error.code === "limit_exceeded";
  await assert.rejects(share(store, ws, last), isFull);
  const second = await share(store, others, await others.makeFolder("second"));
  await assert.rejects(accept(store, others, second, ws), isFull);
  assert.equal(await share(store, ws, first), workspaceId, "what is shared already is found");
  await accept(store, others, offered, ws);
  const listed = await store.shares.list(ws.accountId);
  assert.equal(listed.length, maxSharesOfAccount);
  assert.ok(listed.some((each) => each.workspaceId === offered) && listed.every((each) => each.workspaceId !== second));

  // Who hands one over, and leaves it, may share another.
  await accept(store, ws, workspaceId, others);
  const at = { workspaceId, nowMs: ws.nowMs };
  await store.shares.setRole({ ...at, accountId: others.accountId, role: "owner" });
  await assert.rejects(share(store, ws, last), isFull);
  await store.shares.removeMember({ ...at, accountId: ws.accountId, author: authorOf(ws) });
  assert.notEqual(await share(store, ws, last), workspaceId);
});

const authorOf = (ws: WorkspaceFixture) => ({ accountId: ws.accountId, deviceId: null });

async function share(store: MetadataStore, ws: WorkspaceFixture, folderId: Awaited<ReturnType<typeof ws.makeFolder>>) {
  const workspaceId = makeWorkspaceId(randomBytes(idPartBytes));
  return (await store.shares.create({ folderId, workspaceId, author: authorOf(ws), nowMs: ws.nowMs })).workspaceId;
}

/** Invites and accepts. */
async function accept(
  store: MetadataStore,
  owner: WorkspaceFixture,
  workspaceId: Awaited<ReturnType<typeof share>>,
  ws: WorkspaceFixture,
): Promise<void> {
  const [key, nowMs] = [`account:${ws.accountId}`, ws.nowMs] as const;
  await store.shares.invite({ workspaceId, inviteeKey: key, role: "editor", invitedBy: owner.accountId, nowMs });
  const place = { parentId: ws.root, name: undefined };
  await store.shares.accept({
    workspaceId,
    accountId: ws.accountId,
    keys: [key],
    ...place,
    author: authorOf(ws),
    nowMs,
  });
}

/** So many shared folders, as rows: to share each would take seconds. */
async function ownShares(database: SqlDatabase, ws: WorkspaceFixture, count: number): Promise<void> {
  await database.transaction(async (session) => {
    for (let made = 0; made < count; made += 1) {
      const id = makeWorkspaceId(randomBytes(idPartBytes));
      await session.run(
        `INSERT INTO workspaces (workspace_id, owner_account_id, head, epoch, feed_horizon, used_bytes, quota_bytes, created_at_ms)
         VALUES ($1, $2, 0, 'epoch', 0, 0, NULL, $3)`,
        [id, ws.accountId, ws.nowMs],
      );
      await session.run("INSERT INTO shares (workspace_id, name, created_at_ms) VALUES ($1, $2, $3)", [
        id,
        `share ${made}`,
        ws.nowMs,
      ]);
    }
  });
}

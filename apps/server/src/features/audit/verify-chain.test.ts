import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import type { AccountId } from "@satchel/protocol";
import { migrate } from "../../storage/metadata/migrations/migrate.ts";
import { openSqliteDatabase } from "../../storage/metadata/sql/sqlite-database.ts";
import { createSqlMetadataStore } from "../../storage/metadata/sql-metadata-store.ts";
import { systemHost } from "../../system-host.ts";
import { createAudit } from "./audit.ts";
import { verifyChain } from "./verify-chain.ts";

const key = randomBytes(32);
const ann = "ann" as AccountId;

/** Six records in a database that a test can reach past the store, as a thief of the database would. */
async function startLog(t: TestContext) {
  const database = openSqliteDatabase({ path: ":memory:" });
  await migrate(database);
  const metadata = createSqlMetadataStore({ database, randomBytes });
  t.after(() => metadata.close());
  const onFailure = (error: unknown) => assert.fail(String(error));
  const audit = createAudit({ store: metadata.audit, host: systemHost, key, onFailure });
  for (let count = 0; count < 6; count += 1)
    await audit.record({ action: "sign_in", accountId: ann, detail: { count } });
  const tamper = (sql: string) => database.transaction((session) => session.run(sql));
  return { metadata, audit, tamper, verify: () => verifyChain(metadata.audit, key) };
}

test("[SE11] a whole log has no problems, while it grows, is pruned and is erased in part", async (t) => {
  const { metadata, audit, verify } = await startLog(t);
  assert.deepEqual(await verify(), { problems: [], records: 6, erased: 0 });
  await audit.record({ action: "account_created", accountId: "bob" as AccountId });
  assert.equal(await metadata.audit.erase(ann), 6);
  assert.deepEqual(await verify(), { problems: [], records: 7, erased: 6 });
  await metadata.audit.prune({ beforeMs: systemHost.nowMs() + 1, limit: 3, key });
  assert.deepEqual(await verify(), { problems: [], records: 4, erased: 3 });
  const { records } = await audit.list({ accountId: undefined, cursor: undefined, limit: undefined });
  assert.deepEqual(
    records.map(({ action }) => action),
    ["account_created", "erased", "erased", "erased"],
  );
});

test("[SE11] whoever changes, removes, adds, reorders or cuts off records without the key is noticed", async (t) => {
  const attacks = [
    `UPDATE audit_records SET body = replace(body, 'sign_in', 'sign_up') WHERE sequence = 3`,
    `UPDATE audit_records SET at_ms = at_ms - 1000 WHERE sequence = 3`,
    `UPDATE audit_records SET account_id = 'bob' WHERE sequence = 3`,
    `UPDATE audit_records SET account_id = NULL WHERE sequence = 3`,
    `UPDATE audit_records SET body = NULL WHERE sequence = 3`,
    `DELETE FROM audit_records WHERE sequence = 3`,
    `DELETE FROM audit_records WHERE sequence = 1`,
    `DELETE FROM audit_records WHERE sequence = 6`,
    `DELETE FROM audit_records`,
    `UPDATE audit_records SET sequence = 7 WHERE sequence = 3`,
    `UPDATE audit_chain SET last_sequence = 5, last_hash = (SELECT record_hash FROM audit_records WHERE sequence = 5)`,
    `UPDATE audit_chain SET pruned_sequence = 3, pruned_hash = (SELECT record_hash FROM audit_records WHERE sequence = 3)`,
  ];
  for (const attack of attacks) {
    const { tamper, verify } = await startLog(t);
    assert.ok((await tamper(attack)) > 0, attack);
    assert.notDeepEqual((await verify()).problems, [], attack);
  }
});

test("[SE11] a log that was sealed with another key is not this server's", async (t) => {
  const { metadata } = await startLog(t);
  assert.notDeepEqual((await verifyChain(metadata.audit, randomBytes(32))).problems, []);
});

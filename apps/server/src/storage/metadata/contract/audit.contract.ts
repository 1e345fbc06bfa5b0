import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { AccountId } from "@satchel/protocol";
import { hashBody, hashRecord, sealChain } from "../audit-chain.ts";
import type { AuditRow, NewAuditRecord } from "../audit-store.ts";
import type { MetadataStore } from "../metadata-store.ts";

/** Rules of the audit log. The store is shared with other rules: what they recorded comes before. */
export function auditContract(getStore: () => MetadataStore): void {
  const key = new Uint8Array(32).fill(7);
  const newAccount = () => `account-${randomBytes(8).toString("hex")}` as AccountId;
  const records = (accountId: AccountId | null, atMs: number, count: number): NewAuditRecord[] =>
    Array.from({ length: count }, (_, index) => ({ atMs, accountId, body: JSON.stringify({ accountId, index }) }));
  const readAll = async () => {
    const read = await getStore().audit.readChain({ after: undefined, limit: 10_000 });
    assert.ok(read);
    return read;
  };

  test("[SE10] records are chained in order, without a gap, also when many append at once", async () => {
    const { audit } = getStore();
    assert.equal(await audit.readChain({ after: undefined, limit: 10 }), undefined);
    const accounts = Array.from({ length: 12 }, newAccount);
    await Promise.all(accounts.map((account) => audit.append(records(account, 1000, 5), key)));
    const { chain, rows } = await readAll();
    assert.equal(rows.length, 60);
    let previous = "";
    for (const [index, row] of rows.entries()) {
      assert.equal(row.sequence, index + 1);
      assert.equal(row.bodyHash, hashBody(row.body ?? ""));
      assert.equal(row.recordHash, hashRecord(key, previous, row));
      previous = row.recordHash;
    }
    assert.deepEqual([chain.lastSequence, chain.lastHash, chain.seal], [60, previous, sealChain(key, chain)]);
  });

  test("[SE12] a person's own records are listed newest first, in pages", async () => {
    const { audit } = getStore();
    const account = newAccount();
    await audit.append([...records(account, 2000, 3), ...records(newAccount(), 2000, 2)], key);
    const bodies = (rows: readonly AuditRow[]): number[] =>
      rows.map((row) => (JSON.parse(row.body ?? "{}") as { index: number }).index);
    const first = await audit.list({ accountId: account, before: undefined, limit: 2 });
    assert.deepEqual(bodies(first), [2, 1]);
    const second = await audit.list({ accountId: account, before: first.at(-1)?.sequence, limit: 2 });
    assert.deepEqual(bodies(second), [0]);
    assert.deepEqual(bodies(await audit.list({ accountId: undefined, before: undefined, limit: 1 })), [1]);
  });

  test("[SE14] erasing an account's records keeps the chain", async () => {
    const { audit } = getStore();
    const account = newAccount();
    await audit.append(records(account, 3000, 2), key);
    assert.equal(await audit.erase(account), 2);
    assert.deepEqual(await audit.list({ accountId: account, before: undefined, limit: 10 }), []);
    const { rows } = await readAll();
    const [one, other] = rows.slice(-2);
    assert.deepEqual([one?.body, one?.accountId, other?.body], [null, null, null]);
    assert.equal(other?.recordHash, hashRecord(key, one?.recordHash ?? "", other as AuditRow));
  });

  test("[SE13] only the chain's beginning is pruned, and the chain remembers where it was cut", async () => {
    const { audit } = getStore();
    const before = await readAll();
    await audit.append(records(newAccount(), 9000, 1), key);
    await audit.append(records(newAccount(), 10, 1), key);
    assert.equal(await audit.prune({ beforeMs: 5000, limit: 2, key }), 2);
    for (let pruned = 2; pruned > 0;) pruned = await audit.prune({ beforeMs: 5000, limit: 10, key });
    const { chain, rows } = await readAll();
    assert.deepEqual(
      rows.map(({ atMs }) => atMs),
      [9000, 10],
    );
    assert.deepEqual([chain.prunedSequence, chain.prunedHash], [before.chain.lastSequence, before.chain.lastHash]);
    assert.equal(rows[0]?.recordHash, hashRecord(key, chain.prunedHash, rows[0] as AuditRow));
    assert.equal(chain.seal, sealChain(key, chain));
  });
}

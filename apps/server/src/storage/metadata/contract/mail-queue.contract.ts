import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { AccountId } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import { makeAccount } from "./sign-in.contract.ts";

const newMail = (createdAtMs: number, accountId: AccountId | null = null) => {
  const id = randomBytes(8).toString("hex");
  return { id, accountId, sealed: `sealed ${id}`, createdAtMs };
};

/** Rules of the messages that wait. */
export function mailQueueContract(getStore: () => MetadataStore): void {
  async function empty(): Promise<void> {
    const { mail } = getStore();
    for (const { id } of await mail.list(1000)) await mail.remove(id);
  }

  test("[ID40] a message is taken by one at a time, the one due longest first, and again only after its lease", async () => {
    await empty();
    const { mail } = getStore();
    const [second, first] = [newMail(20), newMail(10)];
    for (const each of [second, first]) assert.equal(await mail.add(each, 10), true);
    assert.equal(await mail.nextDueMs(), 10);
    assert.equal(await mail.take({ nowMs: 9, leaseMs: 100 }), undefined);
    const taken = await Promise.all(Array.from({ length: 4 }, () => mail.take({ nowMs: 50, leaseMs: 100 })));
    assert.deepEqual(taken.flatMap((one) => (one ? [one.id] : [])).toSorted(), [first.id, second.id].toSorted());
    assert.equal(await mail.take({ nowMs: 149, leaseMs: 100 }), undefined);
    const again = await mail.take({ nowMs: 150, leaseMs: 100 });
    assert.deepEqual([again?.tries, again?.sealed], [2, `sealed ${again?.id ?? ""}`]);
    await mail.remove(first.id);
    await mail.remove(second.id);
    assert.deepEqual([await mail.list(10), await mail.nextDueMs()], [[], undefined]);
  });

  test("[ID40] a message waits for its next try, or is given up; what waits is bounded", async () => {
    await empty();
    const { mail, maintenance } = getStore();
    const one = newMail(10);
    assert.deepEqual([await mail.add(one, 1), await mail.add(newMail(11), 1)], [true, false]);
    await mail.take({ nowMs: 10, leaseMs: 5 });
    await mail.putOff(one.id, { sealed: "with a reason", dueAtMs: 500 });
    assert.equal(await mail.take({ nowMs: 499, leaseMs: 5 }), undefined);
    assert.equal((await mail.take({ nowMs: 500, leaseMs: 5 }))?.sealed, "with a reason");
    await mail.putOff(one.id, { sealed: "without text", dueAtMs: null });
    assert.equal(await mail.take({ nowMs: 9999, leaseMs: 5 }), undefined);
    assert.deepEqual(await mail.counts(), { waiting: 0, givenUp: 1 });
    assert.equal(await mail.add(newMail(12), 1), true);
    assert.deepEqual((await mail.list(10)).map(({ sealed, tries, dueAtMs }) => [sealed, tries, dueAtMs]).at(-1), [
      "without text",
      2,
      null,
    ]);
    const nowMs = 10 + 7 * 24 * 3600 * 1000;
    await maintenance.dropExpired({ nowMs, idempotencyBeforeMs: 0 });
    assert.deepEqual(await mail.counts(), { waiting: 1, givenUp: 0 });
  });

  test("[SE71] with an account go the messages that wait for it", async () => {
    await empty();
    const { mail, privacy } = getStore();
    const { id } = await makeAccount(getStore());
    const other = newMail(1);
    await mail.add(newMail(1, id), 10);
    await mail.add(other, 10);
    for (let isDone = false; !isDone;) isDone = await privacy.eraseStep(id, 10);
    assert.deepEqual(
      (await mail.list(10)).map((each) => each.id),
      [other.id],
    );
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountId } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import type { NewNotice } from "../notice-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of what accounts are told of. */
export function noticesContract(getStore: () => MetadataStore): void {
  const bounds = { maxKept: 3, keepAfterMs: 0 };

  async function create() {
    const { accountId } = await WorkspaceFixture.create(getStore());
    const { notices } = getStore();
    const add = (id: string, atMs: number, more: Partial<NewNotice> = {}) =>
      notices.add({ id, accountId, kind: "link_upload", subject: id, detail: { name: id }, atMs, ...more }, bounds);
    const list = async (after?: string, limit = 10) => await notices.list({ accountId, after, limit });
    const ids = async () => (await list()).notices.map(({ id }) => id);
    return { accountId, notices, add, list, ids };
  }

  test("[NO1] notices are listed newest first, page by page, each account's its own, and at most so many and so old are kept", async () => {
    const { notices, accountId, add, list, ids } = await create();
    const other = await create();
    await other.add("theirs", 5);
    for (const [id, atMs] of [
      ["a", 1],
      ["c", 2],
      ["b", 2],
      ["d", 4],
    ] as const)
      assert.equal(await add(id, atMs), true);
    assert.deepEqual(await ids(), ["d", "c", "b"]);
    const first = await list(undefined, 2);
    assert.deepEqual([first.notices.map(({ id }) => id), first.unread], [["d", "c"], 3]);
    const rest = await list(first.next ?? assert.fail(), 2);
    assert.deepEqual([rest.notices.map(({ id }) => id), rest.next], [["b"], null]);
    await assert.rejects(list("nonsense"), { code: "bad_cursor" });
    await notices.add(
      { id: "e", accountId, kind: "link_upload", subject: "e", detail: {}, atMs: 9 },
      { maxKept: 3, keepAfterMs: 4 },
    );
    assert.deepEqual(await ids(), ["e", "d"]);
    assert.deepEqual(await other.ids(), ["theirs"]);
  });

  test("[NO2] what happens again counts on the notice that is unread, and is a new one once that was read", async () => {
    const { notices, accountId, add, list } = await create();
    await add("a", 1, { subject: "link" });
    await add("b", 7, { subject: "link", detail: { name: "later" } });
    const [one] = (await list()).notices;
    assert.deepEqual([one?.id, one?.times, one?.atMs, one?.detail], ["a", 2, 7, { name: "later" }]);
    await notices.markRead({ accountId, ids: ["a", "unknown"], nowMs: 8 });
    await add("c", 9, { subject: "link" });
    const { notices: both, unread } = await list();
    assert.deepEqual(
      [both.map(({ id, times, readAtMs }) => [id, times, readAtMs]), unread],
      [
        [
          ["c", 1, null],
          ["a", 2, 8],
        ],
        1,
      ],
    );
    await notices.markRead({ accountId, ids: undefined, nowMs: 10 });
    assert.equal((await list()).unread, 0);
  });

  test("[NO8] who did it is told by the name that their account has, and by none once it is erased", async () => {
    const { add, list } = await create();
    const doer = await WorkspaceFixture.create(getStore());
    await add("a", 1, { by: doer.accountId });
    await add("b", 2);
    const names = async () => (await list()).notices.map(({ id, byName }) => [id, byName]);
    const name = (await getStore().identity.findAccount(doer.accountId))?.name;
    assert.deepEqual(await names(), [
      ["b", null],
      ["a", name],
    ]);
    while (!(await getStore().privacy.eraseStep(doer.accountId, 100)));
    assert.deepEqual(await names(), [
      ["b", null],
      ["a", null],
    ]);
    assert.deepEqual(
      (await list()).notices.map(({ by }) => by),
      [undefined, undefined],
    );
  });

  test("[NO9] what is told while an account is erased goes with it, or isn't written: neither its own notices nor its name in others' stay", async () => {
    const other = await create();
    for (let round = 0; round < 5; round += 1) {
      const erased = await create();
      await erased.add("before", 1);
      const telling = Array.from({ length: 12 }, (_, n) => [
        erased.add(`own ${n}`, 2 + n),
        other.add(`by ${round} ${n}`, 2 + n, { by: erased.accountId }),
        erased.notices.putSettings(erased.accountId, [{ kind: "access_removed", in_app: false }]),
      ]).flat();
      const erasing = (async () => {
        while (!(await getStore().privacy.eraseStep(erased.accountId, 100)));
      })();
      await Promise.all([...telling, erasing]);
      assert.deepEqual([await erased.ids(), await erased.notices.settings(erased.accountId)], [[], []]);
      assert.deepEqual(
        (await other.list()).notices.filter(({ by }) => by !== undefined),
        [],
      );
    }
  });

  test("[NO3] a kind that was turned off is not kept, and neither is anything for an account that isn't", async () => {
    const { notices, accountId, add, ids } = await create();
    assert.deepEqual(await notices.settings(accountId), []);
    await notices.putSettings(accountId, [{ kind: "link_upload", in_app: false }]);
    assert.equal(await add("a", 1), false);
    assert.equal(await add("b", 1, { kind: "new_sign_in" }), true);
    await notices.putSettings(accountId, [{ kind: "link_upload", in_app: true }]);
    assert.deepEqual(await notices.settings(accountId), [{ kind: "link_upload", in_app: true }]);
    assert.equal(await add("c", 2), true);
    assert.deepEqual(await ids(), ["c", "b"]);
    assert.equal(await add("d", 2, { accountId: "nobody" as AccountId }), false);
  });
}

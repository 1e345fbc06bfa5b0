import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetadataStore } from "../metadata-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

const hour = 3600 * 1000;

/** Rules of what live sessions keep. */
export function liveContract(getStore: () => MetadataStore): void {
  async function openFile() {
    const ws = await WorkspaceFixture.create(getStore());
    const fileId = ws.newId();
    const { nowMs } = ws;
    return { live: getStore().live, fileId, one: { fileId, holder: "one" }, two: { fileId, holder: "two" }, nowMs };
  }

  test("[MD92] a live session is held by one process until its time is over or it lets go", async () => {
    const { live, one, two, nowMs } = await openFile();
    const at = (atMs: number) => ({ nowMs: atMs, forMs: 1000 });
    assert.deepEqual(await live.take({ ...one, ...at(nowMs) }), { sealed: undefined, updates: [] });
    assert.equal(await live.take({ ...two, ...at(nowMs + 999) }), undefined);
    assert.equal(await live.prolong({ ...one, ...at(nowMs + 999) }), true);
    assert.equal(await live.take({ ...two, ...at(nowMs + 1500) }), undefined);
    assert.ok(await live.take({ ...two, ...at(nowMs + 1999) }));
    assert.equal(await live.prolong({ ...one, ...at(nowMs + 5000) }), false);
    await live.release(one);
    assert.equal(await live.take({ ...one, ...at(nowMs + 2000) }), undefined);
    await live.release(two);
    assert.ok(await live.take({ ...one, ...at(nowMs + 2000) }));
  });

  test("[MD92] what is committed for a session is committed only while it is held", async () => {
    const store = getStore();
    const ws = await WorkspaceFixture.create(store);
    const { nowMs, workspaceId, accountId } = ws;
    const id = await ws.makeFile("a", ws.root, ["one"]);
    const [one, two] = [
      { fileId: id, holder: "one" },
      { fileId: id, holder: "two" },
    ];
    const base = (await ws.state(id)).version_id ?? assert.fail();
    const content = await ws.content(["two"]);
    const commit = (heldBy: typeof one) =>
      store.tree.commit({
        workspaceId,
        author: { accountId, deviceId: null },
        seenSequence: 0,
        operations: [{ op: "edit_file", id, base_version_id: base, content }],
        idempotency: undefined,
        heldBy,
        nowMs,
      });
    await store.live.take({ ...one, nowMs, forMs: 1000 });
    await store.live.take({ ...two, nowMs: nowMs + 2000, forMs: 1000 });
    await assert.rejects(commit(one), { code: "unavailable" });
    assert.equal((await ws.state(id)).version_id, base);
    assert.equal((await commit(two)).results[0]?.status, "done");
  });

  test("[MD92] what was appended is there for the next holder, and what a record has in it is not any more", async () => {
    const { live, one, two, nowMs } = await openFile();
    await live.take({ ...one, nowMs, forMs: 1000 });
    assert.ok(await live.append(one, { nth: 1, sealed: "a" }));
    assert.ok(await live.append(one, { nth: 2, sealed: "b" }));
    assert.ok(await live.save(one, { sealed: "record", through: 1, nowMs }));
    assert.ok(await live.append(one, { nth: 3, sealed: "c" }));
    const kept = await live.take({ ...two, nowMs: nowMs + hour, forMs: 1000 });
    assert.deepEqual(kept, {
      sealed: "record",
      updates: [
        { nth: 2, sealed: "b" },
        { nth: 3, sealed: "c" },
      ],
    });
    // Whoever lost it, changes nothing.
    assert.equal(await live.append(one, { nth: 4, sealed: "late" }), false);
    assert.equal(await live.save(one, { sealed: "late", through: 9, nowMs }), false);
    await live.remove(one);
    assert.deepEqual(await live.take({ ...two, nowMs: nowMs + hour, forMs: 1000 }), kept);
    await live.remove(two);
    const none = await live.take({ ...two, nowMs: nowMs + hour, forMs: 1000 });
    assert.deepEqual(none, { sealed: undefined, updates: [] });
  });

  test("[MD92] a session whose process died is found, one that was let go is not", async () => {
    const { live, fileId, one, nowMs } = await openFile();
    const isForsaken = async (atMs: number) =>
      (await live.listForsaken({ nowMs: atMs, limit: 10_000 })).includes(fileId);
    await live.take({ ...one, nowMs, forMs: 1000 });
    assert.equal(await isForsaken(nowMs + 999), false);
    assert.equal(await isForsaken(nowMs + 1000), true);
    await live.release(one);
    assert.equal(await isForsaken(nowMs + 1000), false);
  });

  test("[MD92] a session that nobody touched for a week is dropped, with its updates", async () => {
    const { live, one, nowMs } = await openFile();
    const { maintenance } = getStore();
    await live.take({ ...one, nowMs, forMs: 1000 });
    await live.append(one, { nth: 1, sealed: "a" });
    const drop = (atMs: number) => maintenance.dropExpired({ nowMs: atMs, idempotencyBeforeMs: 0 });
    await drop(nowMs + 7 * 24 * hour - 1);
    assert.equal((await live.take({ ...one, nowMs, forMs: 1000 }))?.updates.length, 1);
    await drop(nowMs + 7 * 24 * hour + 1000);
    assert.equal((await live.take({ ...one, nowMs, forMs: 1000 }))?.updates.length, 0);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetadataStore } from "../metadata-store.ts";
import { chunkOf, WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of what reading stored chunks finds. */
export function scrubContract(getStore: () => MetadataStore): void {
  test("[OP40] how far the reading came is kept", async () => {
    const { scrub } = getStore();
    const { workspaceId } = await WorkspaceFixture.create(getStore());
    const round = { beganAtMs: 1, endedAtMs: null, workspaceId, after: chunkOf("a").hash };
    await scrub.saveRound(round);
    assert.deepEqual(await scrub.findRound(), round);
    const ended = { beganAtMs: 1, endedAtMs: 2, workspaceId: null, after: null };
    await scrub.saveRound(ended);
    assert.deepEqual(await scrub.findRound(), ended);
  });

  test("[OP41] what is damaged is kept until it is whole, or nobody holds it any more, and each has its turn", async () => {
    const { scrub, privacy } = getStore();
    const ws = await WorkspaceFixture.create(getStore());
    await ws.makeFile("file", ws.root, ["a", "b"]);
    const { workspaceId } = ws;
    const [a, b, gone] = ["a", "b", "gone"].map((text) => ({ workspaceId, ...chunkOf(text) }));
    assert.ok(a && b && gone);
    await scrub.addDamaged([a, b, gone], 5);
    await scrub.addDamaged([a], 6);
    const take = async (limit: number, nowMs: number) =>
      (await scrub.takeDamaged({ limit, nowMs })).filter((one) => one.workspaceId === workspaceId);
    const first = await take(1, 10);
    const second = await take(1, 11);
    assert.deepEqual(
      new Set([...first, ...second].map(({ hash, sizeBytes }) => `${hash} ${sizeBytes}`)),
      new Set([a, b].map(({ hash, sizeBytes }) => `${hash} ${sizeBytes}`)),
    );
    await scrub.removeDamaged([a]);
    assert.deepEqual(
      (await take(10, 12)).map(({ hash }) => hash),
      [b.hash],
    );
    assert.equal(await scrub.countDamaged(), 1);
    for (let isDone = false; !isDone;) isDone = await privacy.eraseStep(ws.accountId, 10);
    assert.equal(await scrub.countDamaged(), 0);
  });
}

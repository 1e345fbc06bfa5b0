import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { idPartBytes, makeWorkspaceId } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

const all = { madeBeforeMs: Number.MAX_SAFE_INTEGER, limit: 10_000 };

/** Rules of the outbox, on databases that several servers share: `isKept` says whether this is one. */
export function outboxContract(getStore: () => MetadataStore, { isKept }: { readonly isKept: boolean }): void {
  test("[MD91] a commit is noted until it was told, in the order of its workspace's feed; one that changed nothing is not", async () => {
    const { outbox } = getStore();
    const ws = await WorkspaceFixture.create(getStore());
    const mine = async () => (await outbox.list(all)).filter(({ workspaceId }) => workspaceId === ws.workspaceId);
    const start = await ws.head();
    const folder = await ws.makeFolder("one");
    const middle = await ws.head();
    await ws.makeFolder("two");
    await ws.failed({ op: "create_folder", id: ws.newId(), parent_id: ws.root, name: "two" });
    const end = await ws.head();
    const position = ({ sequence, epoch }: typeof start) => ({ sequence, epoch });
    const noted = [
      { workspaceId: ws.workspaceId, before: position(start), after: middle },
      { workspaceId: ws.workspaceId, before: position(middle), after: end },
    ];
    assert.deepEqual(await mine(), isKept ? noted : []);
    const early = await outbox.list({ ...all, madeBeforeMs: ws.nowMs - 2000 });
    assert.ok(early.every(({ workspaceId, after }) => workspaceId !== ws.workspaceId || after.sequence < end.sequence));
    await outbox.forget([{ workspaceId: ws.workspaceId, sequence: middle.sequence }]);
    assert.deepEqual(await mine(), isKept ? noted.slice(1) : []);
    await outbox.forget([{ workspaceId: ws.workspaceId, sequence: end.sequence }]);
    assert.deepEqual(await mine(), []);
    assert.equal((await ws.state(folder)).name, "one");
  });

  test("[MD91] that a folder became a shared one is noted, too", async () => {
    const { outbox, shares } = getStore();
    const ws = await WorkspaceFixture.create(getStore());
    const folderId = await ws.makeFolder("plans");
    const { sequence } = await ws.head();
    const workspaceId = makeWorkspaceId(randomBytes(idPartBytes));
    const author = { accountId: ws.accountId, deviceId: null };
    const { change } = await shares.create({ folderId, workspaceId, author, nowMs: ws.nowMs });
    const noted = (await outbox.list(all)).filter(({ before }) => before.sequence === sequence);
    const mine = noted.filter((commit) => commit.workspaceId === ws.workspaceId);
    assert.deepEqual(
      mine.map(({ after }) => after.sequence),
      isKept ? [change?.after.sequence] : [],
    );
  });
}

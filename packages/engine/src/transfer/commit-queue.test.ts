import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommitOperation, Cursor, VersionHash, VersionId } from "@satchel/protocol";
import { temporaryName, type RemoteOperation } from "@satchel/reconcile";
import { Offers } from "../books/offers.ts";
import { entryId, localLike, openState, remoteFile, remoteFolder, rootId } from "../books/record.fixture.ts";
import { disown } from "../exclude/disown.ts";
import { RemoteFeed } from "../feed/remote-feed.ts";
import { MountBook } from "../mounts/mount-book.ts";
import type { Server } from "../ports/server.ts";
import type { StateStore } from "../state/state-store.ts";
import { ManifestStore } from "../state/manifest-store.ts";
import { Carry } from "./carry.ts";
import { commitAll, type CommitContext } from "./commit-queue.ts";
import { TransferMeter } from "./transfer-meter.ts";

const seen = "1.epoch" as Cursor;
const file = entryId(100);
const many = Array.from({ length: 30 }, (_, nth) => entryId(nth + 1));

test("[EN11] what changes is written down before it is sent, however much it is; many new entries while that costs little", async () => {
  const create = (id: (typeof many)[number]): RemoteOperation => ({
    do: "create_remote",
    id,
    place: { parentId: rootId, name: `n${id}` },
  });
  assert.deepEqual(await stepsOf(many.map(create)), ["keep if cheap", "commit"]);
  assert.deepEqual(await stepsOf(many.slice(0, 20).map(create)), ["keep", "commit"]);
  assert.deepEqual(await stepsOf(many.map((id) => ({ do: "delete_remote", id }))), ["keep", "commit"]);
});

test("[EN129] a new time goes with its content while another content that was offered is unanswered", async () => {
  const state = openState();
  const { context, sent } = contextOf(state);
  const base = remoteFile(file, "a", "base");
  const local = { ...localLike(base), modifiedMs: 5000 };
  state.transaction(() => {
    for (const tree of [state.remote, state.synced]) tree.put(base);
    state.local.put(local);
  });
  context.manifests.keep("base" as VersionHash, new Uint8Array(36));
  const touch: RemoteOperation = { do: "touch_remote", id: file, modifiedMs: 5000, executable: false };
  const touched = { operations: [{ plan: touch, baseVersionId: base.versionId }], seen };
  const offered = context.offers.add([{ record: remoteFile(file, "a", "other"), aspect: "content" }]);
  await commitAll(context, touched);
  context.offers.remove(offered);
  context.offers.add([{ record: base, aspect: "content" }]);
  await commitAll(context, touched);
  assert.deepEqual(
    sent.map((wire) => [wire.op, "content" in wire ? wire.content.version_hash : undefined]),
    [
      ["edit_file", "base"],
      ["touch", undefined],
    ],
  );
  state.close();
});

test("[EN94] a time that was set upon a content that this device has not heard of leaves the base with its own version", async () => {
  const state = openState();
  state.setSetting("cursor", seen);
  const { context } = contextOf(state, "5.epoch" as Cursor);
  const base = remoteFile(file, "a", "base", 3);
  state.transaction(() => {
    for (const tree of [state.remote, state.synced]) tree.put(base);
    state.local.put({ ...localLike(base), modifiedMs: 5000 });
  });
  const plan: RemoteOperation = { do: "touch_remote", id: file, modifiedMs: 5000, executable: false };
  await commitAll(context, { operations: [{ plan, baseVersionId: base.versionId }], seen });
  assert.deepEqual([state.synced.find(file)?.versionId, state.synced.find(file)?.modifiedMs], [base.versionId, 5000]);
  state.close();
});

test("[EN132] what others may have moved out of a folder is in the books until they are heard", async () => {
  for (const [before, isLeft] of [
    [seen, false],
    ["5.epoch" as Cursor, true],
  ] as const) {
    const state = openState();
    state.setSetting("cursor", seen);
    const { context } = contextOf(state, before);
    const folder = remoteFolder(many[0] ?? assert.fail(), "folder");
    const inFolder = { ...remoteFile(file, "a", "content"), parentId: folder.id };
    state.transaction(() => {
      for (const record of [folder, inFolder]) for (const tree of [state.remote, state.synced]) tree.put(record);
    });
    await commitAll(context, {
      operations: [{ plan: { do: "delete_remote", id: folder.id }, baseVersionId: null }],
      seen,
    });
    assert.equal(state.remote.find(folder.id), undefined);
    assert.equal(state.remote.find(file) !== undefined, isLeft);
    state.close();
  }
});

test("[EN15] a folder that is made again is empty on the server, also when it went with the folder that it was in", async () => {
  const state = openState();
  const { context } = contextOf(state);
  const folder = { ...remoteFolder(many[0] ?? assert.fail(), "folder"), parentId: many[1] ?? assert.fail() };
  state.transaction(() => {
    state.remote.put(folder);
    state.remote.put({ ...remoteFile(file, "a", "content"), parentId: folder.id });
    state.local.put({ ...localLike(folder), parentId: rootId });
  });
  const plan: RemoteOperation = { do: "create_remote", id: folder.id, place: { parentId: rootId, name: "folder" } };
  await commitAll(context, { operations: [{ plan, baseVersionId: null }], seen });
  assert.equal(state.remote.find(folder.id)?.parentId, rootId);
  assert.equal(state.remote.find(file), undefined);
  state.close();
});

test("[EN135] the answer about a file that was left out and taken in again meanwhile is no base for its absence", async () => {
  for (const isLeftOut of [true, false]) {
    const state = openState();
    const { context } = contextOf(state);
    const local = localLike(remoteFile(file, "a", "content"));
    state.transaction(() => state.local.put(local));
    context.manifests.keep("content" as VersionHash, new Uint8Array(36));
    const { server } = context;
    const commit: Server["commit"] = (request) => {
      state.transaction(() => {
        state.local.remove(file);
        if (isLeftOut) disown(context, file);
      });
      return server.commit(request);
    };
    const plan: RemoteOperation = { do: "create_remote", id: file, place: { parentId: rootId, name: "a" } };
    await commitAll(
      { ...context, server: { ...server, commit } },
      { operations: [{ plan, baseVersionId: null }], seen },
    );
    assert.equal(state.synced.find(file)?.contentHash, isLeftOut ? undefined : "content");
    assert.equal(state.remote.find(file)?.contentHash, "content");
    state.close();
  }
});

test("[EN11] two moves of one entry in a commit both are the base, one after the other", async () => {
  const state = openState();
  const { context } = contextOf(state);
  const base = remoteFile(file, "a", "content");
  state.transaction(() => {
    for (const tree of [state.remote, state.synced]) tree.put(base);
    state.local.put({ ...localLike(base), name: "b" });
  });
  const moves = [temporaryName(file), "b"].map((name) => ({
    plan: {
      do: "move_remote" as const,
      id: file,
      place: { parentId: rootId, name },
      base: { parentId: rootId, name: "a" },
    },
    baseVersionId: null,
  }));
  await commitAll(context, { operations: moves, seen });
  assert.equal(state.synced.find(file)?.name, "b");
  state.close();
});

/** What happens, in order, while these are committed. */
async function stepsOf(plans: readonly RemoteOperation[]): Promise<string[]> {
  const state = openState();
  state.transaction(() => {
    for (const id of many) state.local.put(localLike(remoteFolder(id, `n${id}`)));
  });
  const { context, steps } = contextOf(state);
  await commitAll(context, { operations: plans.map((plan) => ({ plan, baseVersionId: null })), seen });
  state.close();
  return steps;
}

/** A context whose server takes everything, and tells of version `new`; `before`: where its feed was by then. */
function contextOf(
  state: StateStore,
  before = seen,
): { context: CommitContext; steps: string[]; sent: CommitOperation[] } {
  const steps: string[] = [];
  const sent: CommitOperation[] = [];
  const parts = { state, manifests: new ManifestStore(state.database), offers: new Offers(state.database) };
  const server: Pick<Server, "commit"> = {
    commit: ({ operations }) => {
      steps.push("commit");
      sent.push(...operations);
      const done = { status: "done" as const, sequence: 9, version_id: "new" as VersionId };
      return Promise.resolve({ results: operations.map(() => done), before, cursor: before });
    },
  };
  const outside = {
    server: server as Server,
    onRemoteMoved: () => undefined,
    keepIfDue: () => Promise.resolve(),
    clock: { nowMs: () => 0, sleep: () => Promise.resolve() },
    entropy: { bytes: (count: number) => new Uint8Array(count) },
  };
  const context: CommitContext = {
    ...parts,
    ...outside,
    feed: new RemoteFeed({ ...parts, ...outside, mounts: new MountBook(state) }),
    carry: new Carry(),
    meter: new TransferMeter(),
    resend: new Set(),
    keep: () => Promise.resolve(void steps.push("keep")),
    keepIfCheap: () => Promise.resolve(void steps.push("keep if cheap")),
    onRefused: (_id, code) => assert.fail(code),
    onGap: () => undefined,
  };
  return { context, steps, sent };
}

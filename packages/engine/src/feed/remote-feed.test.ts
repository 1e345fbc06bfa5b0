import { MountBook } from "../mounts/mount-book.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError, type ChangesPage, type Cursor, type EntryState } from "@satchel/protocol";
import { Offers } from "../books/offers.ts";
import { entryId, openState, remoteFile, rootId } from "../books/record.fixture.ts";
import type { Server } from "../ports/server.ts";
import { ManifestStore } from "../state/manifest-store.ts";
import type { StateStore } from "../state/state-store.ts";
import { RemoteFeed } from "./remote-feed.ts";

/** A server that tells these pages; a cursor is the number of the page that comes next. */
function open(state: StateStore, pages: readonly (readonly EntryState[])[], options: { failsAt?: number } = {}) {
  const asked: (string | undefined)[] = [];
  let kept = 0;
  const changes = ({ cursor }: { cursor: Cursor | undefined }): Promise<ChangesPage> => {
    asked.push(cursor);
    if (cursor === "old") return Promise.reject(new ProblemError("cursor_expired"));
    const index = Number(cursor ?? 0);
    if (index === options.failsAt) return Promise.reject(new Error("the connection was lost"));
    return Promise.resolve({
      changes: [...(pages[index] ?? [])],
      cursor: `${index + 1}` as Cursor,
      has_more: index + 1 < pages.length,
    });
  };
  const feed = new RemoteFeed({
    state,
    manifests: new ManifestStore(state.database),
    offers: new Offers(state.database),
    server: { changes } as Server,
    mounts: new MountBook(state),
    onRemoteMoved: () => undefined,
    keepIfDue: () => {
      kept += 1;
      return Promise.resolve();
    },
  });
  return { feed, asked, kept: () => kept };
}

function folder(number: number): EntryState {
  return {
    id: entryId(number),
    parent_id: rootId,
    name: `folder ${number}`,
    type: "folder",
    sequence: number,
    deleted: false,
    version_id: null,
    version_hash: null,
    conflict_of: null,
    link_target: null,
  } as unknown as EntryState;
}

test("[EN65] a first listing that is broken off goes on where it was", async () => {
  const state = openState();
  const pages = [[folder(1)], [folder(2)], [folder(3)]];
  const broken = open(state, pages, { failsAt: 2 });
  await assert.rejects(broken.feed.catchUp(), /connection was lost/);
  assert.equal(broken.kept(), 2);
  const again = open(state, pages);
  await again.feed.catchUp();
  assert.deepEqual(again.asked, ["2"]);
  assert.deepEqual(
    [1, 2, 3].map((number) => state.remote.find(entryId(number))?.name),
    ["folder 1", "folder 2", "folder 3"],
  );
});

test("when the cursor is too old, all is listed anew, and what is told no more is gone", async () => {
  const state = openState();
  state.remote.put(remoteFile(entryId(9), "gone meanwhile", "content"));
  state.setSetting("cursor", "old");
  const { feed, asked } = open(state, [[folder(1)], [folder(2)]]);
  await feed.catchUp();
  assert.deepEqual(asked, ["old", undefined, "1"]);
  assert.equal(state.remote.find(entryId(9)), undefined);
  assert.equal(state.remote.count(), 3);
  assert.equal(state.cursor, "2");
});

test("[EN16] what was heard before the books were undone is not heard any more", async () => {
  const state = openState();
  state.flush();
  const { feed } = open(state, [[folder(7)]]);
  await feed.catchUp();
  assert.equal(feed.hasHeard(7), true);
  state.abandon();
  assert.equal(state.cursor, undefined);
  assert.equal(feed.hasHeard(7), false);
  await feed.catchUp();
  assert.equal(feed.hasHeard(7), true);
});

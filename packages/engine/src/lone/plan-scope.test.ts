import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { EntryId, VersionHash } from "@satchel/protocol";
import { plan, type Plan } from "@satchel/reconcile";
import { testRuns } from "@satchel/testkit";
import { agree } from "../books/agree.ts";
import { entryId, localLike, openState, remoteFile, remoteFolder, rootId } from "../books/record.fixture.ts";
import type { RemoteRecord, StateStore } from "../state/state-store.ts";
import { LoneQueues } from "./lone-queues.ts";
import { changedToPlan } from "./plan-scope.ts";

const unheld = { isInJob: () => false, isPaused: () => false };

function scopeOf(state: StateStore, queues: LoneQueues, limit: number): EntryId[] {
  return changedToPlan({
    state,
    isWaiting: queues.has,
    waitingCount: queues.count,
    maxWaitingPlanned: limit,
  }).toSorted();
}

test("[EN85] few that wait for a step of their own are planned along, many are left out", () => {
  const state = openState();
  const queues = new LoneQueues(state);
  const [one, other, gone] = [entryId(1), entryId(2), entryId(3)];
  for (const id of [one, other]) state.local.put(localLike(remoteFile(id, `new ${id}`, "content")));
  agree(state, gone, remoteFile(gone, "gone", "content"), "all");
  queues.sort(unheld);
  assert.deepEqual(scopeOf(state, queues, 2), [one, other, gone]);
  assert.deepEqual(scopeOf(state, queues, 1), [gone]);
});

test("[EN85] what waits in a folder that the server deleted keeps the folder", () => {
  const state = openState();
  const queues = new LoneQueues(state);
  const [folder, file, beside] = [entryId(1), entryId(2), entryId(3)];
  const there = remoteFolder(folder, "folder");
  state.remote.put(there);
  state.local.put(localLike(there));
  agree(state, folder, there, "all");
  state.unmark(folder);
  state.local.put({ ...localLike(remoteFile(file, "new", "content")), parentId: folder });
  state.local.put(localLike(remoteFile(beside, "beside", "content")));
  queues.sort(unheld);
  state.remote.remove(folder);
  queues.sort(unheld);
  assert.deepEqual(scopeOf(state, queues, 0), [folder, file]);
});

interface Entry {
  readonly type: "file" | "folder";
  readonly local: Place | null;
  readonly remote: Place | null;
  readonly synced: Place | null;
  readonly localContent: "old" | "new" | "unread";
  readonly remoteContent: "old" | "newer";
}

interface Place {
  readonly parent: number;
  /** Null for a name that no other entry has. */
  readonly name: string | null;
}

const places: fc.Arbitrary<Place> = fc.record({
  parent: fc.nat(5),
  name: fc.option(fc.constantFrom("a", "b", "c"), { freq: 1 }),
});
const types = fc.constantFrom<Entry["type"]>("file", "folder");
const contents = {
  localContent: fc.constantFrom("old", "new", "unread"),
  remoteContent: fc.constantFrom("old", "newer"),
};
const anything = fc.record({
  type: types,
  local: fc.option(places),
  remote: fc.option(places),
  synced: fc.option(places),
  ...contents,
});
/** In the same place in all of these trees, as most entries are. */
const inPlace = (...trees: ("local" | "remote" | "synced")[]): fc.Arbitrary<Entry> =>
  fc.record({ type: types, place: places, ...contents }).map(({ place, ...entry }) => ({
    ...entry,
    local: trees.includes("local") ? place : null,
    remote: trees.includes("remote") ? place : null,
    synced: trees.includes("synced") ? place : null,
  }));
const entries: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 4, arbitrary: inPlace("local", "remote", "synced") },
  { weight: 3, arbitrary: inPlace("local") },
  { weight: 2, arbitrary: inPlace("remote") },
  { weight: 1, arbitrary: inPlace("local", "synced") },
  { weight: 1, arbitrary: inPlace("remote", "synced") },
  { weight: 3, arbitrary: anything },
);

/** Puts an entry into the trees. Folders have numbers below those of what they may hold, so no tree has a circle of its own. */
function put(state: StateStore, number: number, entry: Entry): void {
  const id = entryId(number);
  const at = (place: Place, content: string): RemoteRecord => {
    const name = place.name ?? `own ${number}`;
    const parentId = place.parent === 0 ? rootId : entryId(((place.parent - 1) % Math.max(1, number - 1)) + 1);
    const record = entry.type === "folder" ? remoteFolder(id, name) : remoteFile(id, name, content);
    return { ...record, parentId: number === 1 ? rootId : parentId };
  };
  if (entry.synced) agree(state, id, at(entry.synced, "old"), "all");
  if (entry.remote) state.remote.put(at(entry.remote, entry.remoteContent));
  if (!entry.local) return;
  const record = localLike(at(entry.local, entry.localContent));
  const isUnread = entry.localContent === "unread" && entry.type === "file";
  state.local.put(isUnread ? { ...record, content: "unknown", contentHash: "old" as VersionHash } : record);
}

function operationsOf(made: Plan): string[] {
  return [made.books, made.ingest, made.local, made.remote]
    .flatMap((list, side) => list.map((operation) => JSON.stringify([side, operation])))
    .toSorted();
}

test("[EN85] [EN81] the plan is the same, whether it is told of what waits for a step of its own or not", () => {
  let leftOut = 0;
  fc.assert(
    fc.property(fc.array(entries, { minLength: 2, maxLength: 12 }), (drawn) => {
      const state = openState();
      const queues = new LoneQueues(state);
      state.transaction(() => {
        for (const [index, entry] of drawn.entries()) put(state, index + 1, entry);
      });
      while (queues.sort(unheld));
      const all = state.changed();
      const scope = scopeOf(state, queues, 0);
      leftOut += all.length - scope.length;
      const options = { isBusy: queues.has };
      assert.deepEqual(operationsOf(plan(state.trees(scope), options)), operationsOf(plan(state.trees(all), options)));
      state.close();
    }),
    { numRuns: testRuns(500) },
  );
  assert.ok(leftOut > 100, `${leftOut} entries were left out`);
});

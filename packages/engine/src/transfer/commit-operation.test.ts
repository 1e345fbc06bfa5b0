import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommitOperation, EntryId, VersionHash, VersionId } from "@satchel/protocol";
import { entryId, localLike, openState, remoteFile, remoteFolder, rootId } from "../books/record.fixture.ts";
import { ManifestStore } from "../state/manifest-store.ts";
import type { LocalRecord } from "../state/state-store.ts";
import { toWire } from "./commit-operation.ts";

const [id, original] = [entryId(1), entryId(2)];

test("[EN113] a conflicted copy is sent with what it is a copy of and the version both were made from; a folder is one too", () => {
  const { state, create } = open();
  const copy = { ...localLike(remoteFile(id, "copy", "content")), conflictOf: original };
  const made = (local: LocalRecord): unknown[] => {
    const wire = create(local);
    return [
      wire?.op,
      wire && "conflict_of" in wire && wire.conflict_of,
      wire && "conflict_base" in wire && wire.conflict_base,
    ];
  };
  assert.deepEqual(made(copy), ["create_file", original, false]);
  state.transaction(() => state.conflictBases.put(id, "v1" as VersionId));
  assert.deepEqual(made(copy), ["create_file", original, "v1"]);
  assert.deepEqual(made({ ...copy, conflictOf: null }), ["create_file", false, false]);
  assert.deepEqual(made({ ...localLike(remoteFolder(id, "f")), conflictOf: original }), [
    "create_folder",
    original,
    false,
  ]);
});

test("[EN113] a move marks what was set aside by it, and takes the mark from a copy that a person renamed", () => {
  const { state, move } = open();
  const marked = { ...remoteFile(id, "old", "content"), conflictOf: original };
  const markOf = (wire: CommitOperation | undefined): EntryId | undefined =>
    wire?.op === "move" ? wire.conflict_of : assert.fail();
  state.transaction(() => state.remote.put({ ...marked, conflictOf: null }));
  assert.equal(markOf(move(localLike(marked))), original);
  state.transaction(() => state.remote.put(marked));
  assert.equal(markOf(move(localLike(marked))), undefined);
});

function open() {
  const state = openState();
  const manifests = new ManifestStore(state.database);
  manifests.keep("content" as VersionHash, new Uint8Array(0));
  const context = { state, manifests, clock: { nowMs: () => 0, sleep: () => Promise.resolve() } };
  const [place, base] = [
    { parentId: rootId, name: "new" },
    { parentId: rootId, name: "old" },
  ];
  return {
    state,
    create: (local: LocalRecord) =>
      toWire(context, { plan: { do: "create_remote", id, place }, baseVersionId: null }, local),
    move: (local: LocalRecord) =>
      toWire(context, { plan: { do: "move_remote", id, place, base }, baseVersionId: null }, local),
  };
}

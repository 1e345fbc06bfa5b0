import assert from "node:assert/strict";
import { test } from "node:test";
import type { VersionId } from "@satchel/protocol";
import { agree } from "./agree.ts";
import { entryId, openState, remoteFile } from "./record.fixture.ts";

const id = entryId(1);
const had = remoteFile(id, "file", "the content that was had", 1);
const others = { ...remoteFile(id, "elsewhere", "the edit of another", 2), modifiedMs: 2000 };

test("[EN94] who agrees on attributes or a place keeps the content, and its version, that it had", () => {
  const state = openState();
  agree(state, id, had, "all");
  agree(state, id, others, "attributes");
  agree(state, id, others, "place");
  const base = state.synced.find(id);
  assert.equal(base?.contentHash, had.contentHash);
  assert.equal(base.versionId, had.versionId);
  assert.equal(base.modifiedMs, 2000);
  assert.equal(base.name, "elsewhere");
});

test("[EN94] where the content is the same, its version with other attributes is the one that was had", () => {
  const state = openState();
  agree(state, id, had, "all");
  agree(state, id, { ...had, modifiedMs: 2000, versionId: "v2" as VersionId }, "attributes");
  assert.equal(state.synced.find(id)?.versionId, "v2");
});

test("[EN94] without a base, a place or attributes make none", () => {
  const state = openState();
  agree(state, id, others, "place");
  agree(state, id, others, "attributes");
  assert.equal(state.synced.find(id), undefined);
  agree(state, id, others, "content");
  assert.equal(state.synced.find(id)?.contentHash, others.contentHash);
});

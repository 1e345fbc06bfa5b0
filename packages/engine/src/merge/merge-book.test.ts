import assert from "node:assert/strict";
import { test } from "node:test";
import type { VersionHash } from "@satchel/protocol";
import { agree } from "../books/agree.ts";
import { entryId, localLike, openState, remoteFile } from "../books/record.fixture.ts";
import { maxSmallFileBytes } from "../ports/disk.ts";
import { ManifestStore } from "../state/manifest-store.ts";
import type { StateStore } from "../state/state-store.ts";
import { decodeText } from "./decode-text.ts";
import { MergeBook } from "./merge-book.ts";

const id = entryId(1);

/** A file that was edited on both sides. */
function bothEdited(name: string, { sizeBytes = 1 } = {}): { state: StateStore; book: MergeBook } {
  const state = openState();
  agree(state, id, remoteFile(id, name, "base"), "all");
  state.local.put(localLike({ ...remoteFile(id, name, "mine"), sizeBytes }));
  state.remote.put(remoteFile(id, name, "theirs", 2));
  return { state, book: new MergeBook(state, new ManifestStore(state.database), { isOn: true }) };
}

test("[EN110] a small text of a known kind may be merged, and nothing else", () => {
  assert.equal(bothEdited("a.md").book.find(id)?.remote.contentHash, "theirs");
  assert.equal(bothEdited("a.jpg").book.find(id), undefined);
  assert.equal(bothEdited("a.md", { sizeBytes: maxSmallFileBytes + 1 }).book.find(id), undefined);
  const { state } = bothEdited("a.md");
  const off = new MergeBook(state, new ManifestStore(state.database), { isOn: false });
  assert.equal(off.find(id), undefined);
});

test("[EN110] edits that could not be merged are not tried again, until one of them is another", () => {
  const { state, book } = bothEdited("a.md");
  const edits = book.find(id);
  assert.ok(edits);
  book.giveUp(edits);
  assert.equal(book.find(id), undefined);
  state.local.put(localLike(remoteFile(id, "a.md", "mine again")));
  assert.ok(book.find(id));
});

test("[EN111] a base of which only the content is known is enough, if its chunks are", () => {
  const { state } = bothEdited("a.md");
  const manifests = new ManifestStore(state.database);
  const book = new MergeBook(state, manifests, { isOn: true });
  agree(state, id, { ...remoteFile(id, "a.md", "kept"), versionId: null }, "content");
  assert.equal(book.find(id), undefined);
  manifests.keep("kept" as VersionHash, new Uint8Array(36));
  assert.ok(book.find(id));
});

test("[EN110] what isn't UTF-8, or has a zero in it, is no text", () => {
  assert.equal(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)), "\uFEFFa");
  assert.equal(decodeText(Uint8Array.of(0x61, 0)), undefined);
  assert.equal(decodeText(Uint8Array.of(0xff, 0xfe)), undefined);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { agree } from "../books/agree.ts";
import { entryId, openState, remoteFile, rootId } from "../books/record.fixture.ts";
import { openVirtualDisk } from "../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../disk/virtual/virtual-file-system.ts";
import { recordOf } from "../scan/observation.ts";
import { ManifestStore } from "../state/manifest-store.ts";
import { MergeBook } from "./merge-book.ts";
import { mergeEdits, type MergeContext } from "./merge-edits.ts";

const id = entryId(1);

/** A file that was edited on both sides, and has other bytes than the books say. */
async function openChanged() {
  let nowNs = 1_000_000n;
  const files = new VirtualFileSystem({ nowNs: () => (nowNs += 1_000_000n) });
  files.mount();
  const disk = openVirtualDisk(files);
  await disk.prepareRoot("marker");
  files.writeFile("a.md", Buffer.from("other bytes"));
  const stat = await disk.stat("a.md");
  assert.ok(stat);
  const state = openState();
  const mine = recordOf(undefined, { id, parentId: rootId, name: "a.md" }, stat);
  agree(state, id, remoteFile(id, "a.md", "base"), "all");
  state.local.put({ ...mine, content: "known", contentHash: remoteFile(id, "a.md", "mine").contentHash });
  state.remote.put(remoteFile(id, "a.md", "theirs", 2));
  const mergeBook = new MergeBook(state, new ManifestStore(state.database), { isOn: true });
  const edits = mergeBook.find(id);
  assert.ok(edits);
  const lookedAgain: string[] = [];
  const onProblem = (_id: unknown, path: string): void => assert.fail(path);
  const used: Partial<MergeContext> = {
    state,
    disk,
    mergeBook,
    onProblem,
    lookAgain: (path) => lookedAgain.push(path),
  };
  const merge = () => mergeEdits(used as MergeContext, { edits, seen: "c1" as never });
  return { files, mergeBook, lookedAgain, merge };
}

test("[EN110] a file whose bytes changed though nothing says so is not merged, and not read without end", async () => {
  const { mergeBook, lookedAgain, merge } = await openChanged();
  await merge();
  assert.equal(mergeBook.find(id), undefined);
  assert.deepEqual(lookedAgain, []);
});

test("[EN110] a file that was saved since is looked at again before it is merged", async () => {
  const { files, mergeBook, lookedAgain, merge } = await openChanged();
  files.writeFile("a.md", Buffer.from("saved once more"));
  await merge();
  assert.ok(mergeBook.find(id));
  assert.deepEqual(lookedAgain, ["a.md"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId, EntryState } from "@satchel/protocol";
import type { TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import { listArchive, maxArchiveMembers } from "./archive-members.ts";

const caller = {} as Caller;

function folder(id: string): EntryState {
  return { id, name: id, type: "folder", version_id: null, modified: null, size: 0, executable: false } as EntryState;
}

/** A folder of so many folders, and who was asked for. */
function worldOf(count: number) {
  const asked: string[] = [];
  const authorisation = {
    requireEntry: async (_caller: Caller, id: EntryId) => {
      asked.push(id);
      return id;
    },
  } as unknown as Authorisation;
  const tree = {
    findEntry: async (id: EntryId) => ({ entry: folder(id) }),
    listFolder: async ({ folderId, after, limit }: { folderId: string; after: string | undefined; limit: number }) => {
      const from = Number(after ?? 0);
      const size = folderId === "top" ? Math.min(limit, count - from) : 0;
      const entries = Array.from({ length: size }, (_, index) => folder(`n${from + index}`));
      return { entries, next: from + size < count && size > 0 ? String(from + size) : null };
    },
  } as unknown as TreeStore;
  return { parts: { authorisation, tree }, asked };
}

test("[AP48] an archive holds as many entries as its bound, and not one more", async () => {
  const fits = worldOf(maxArchiveMembers - 1);
  assert.equal((await listArchive(fits.parts, caller, ["top" as EntryId])).length, maxArchiveMembers);
  const { parts, asked } = worldOf(maxArchiveMembers);
  await assert.rejects(listArchive(parts, caller, ["top" as EntryId]), { code: "limit_exceeded" });
  assert.deepEqual(asked, ["top", "top"], "nothing is listed beyond the bound");
});

test("[AP48] every folder on the way is asked for with the caller's right", async () => {
  const { parts, asked } = worldOf(3);
  const members = await listArchive(parts, caller, ["top" as EntryId, "top" as EntryId]);
  assert.deepEqual(
    members.map(({ path }) => path),
    ["top", "top/n0", "top/n1", "top/n2"],
  );
  assert.deepEqual(asked, ["top", "top", "n0", "n1", "n2"]);
});

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { maxEntriesPerPage, type CommitOperation, type EntryId, type EntryState } from "@satchel/protocol";
import { seededRandom, testRuns } from "@satchel/testkit";
import { memorySharedCache } from "../cache/memory-shared-cache.fixture.ts";
import { listingKey, withCachedListings } from "./cached-listings.ts";
import { WorkspaceFixture } from "./contract/workspace-fixture.ts";
import type { MetadataStore } from "./metadata-store.ts";
import { openInThreadMetadataStore } from "./sqlite/open-in-thread.ts";

async function create() {
  const store = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  const memory = memorySharedCache();
  const cached = withCachedListings(store, memory.cache);
  const workspace = await WorkspaceFixture.create(cached);
  return { store, memory, cached, workspace, [Symbol.asyncDispose]: () => store.close() };
}

async function list({ tree }: MetadataStore, folderId: EntryId): Promise<unknown> {
  return tree
    .listFolder({ folderId, after: undefined, limit: maxEntriesPerPage })
    .catch((error: unknown) => (error as { code: string }).code);
}

test("[CA6] a listing is remembered under its folder, and deleted by whoever commits to the folder", async () => {
  await using parts = await create();
  const { workspace, memory, cached } = parts;
  const folder = await workspace.makeFolder("docs");
  assert.deepEqual(await list(cached, folder), { entries: [], next: null });
  assert.match(listingKey(folder), new RegExp(`^workspace:${workspace.workspaceId}:folder:.+:contents$`));
  assert.ok(memory.kept.has(listingKey(folder)));
  await list(cached, folder);
  assert.equal(memory.cache.statistics().hits, 1);
  const file = await workspace.makeFile("a.txt", folder);
  assert.ok(!memory.kept.has(listingKey(folder)));
  assert.deepEqual(
    ((await list(cached, folder)) as { entries: { id: EntryId }[] }).entries.map(({ id }) => id),
    [file],
  );
});

test("[CA6] a listing is never stale, though invalidations get lost, and other processes commit without the cache", async () => {
  for (let run = 0; run < testRuns(3); run += 1) {
    await using parts = await create();
    const { workspace, memory, cached, store } = parts;
    const random = seededRandom(run);
    const folders = [workspace.root, await workspace.makeFolder("one"), await workspace.makeFolder("two")];
    const [root, one, two] = folders as [EntryId, EntryId, EntryId];
    const files: EntryId[] = [];
    for (let step = 0; step < 40; step += 1) {
      memory.state.failing = random.chance(0.3);
      const target = random.pick(folders);
      const file = files.length > 0 ? random.pick(files) : undefined;
      const found = file && (await store.tree.findEntry(file))?.entry;
      const act = random.below(step % 10 === 9 ? 4 : 3);
      const operation = operationOf({
        act,
        found,
        target,
        doomed: step % 20 === 9 ? one : two,
        made: workspace.newId(),
        name: `${step}`,
      });
      if (operation.op === "create_folder") files.push(operation.id);
      await workspace.commit([operation]);
      memory.state.failing = random.chance(0.25);
      for (const folder of [root, one, two]) assert.deepEqual(await list(cached, folder), await list(store, folder));
    }
  }
});

test("[CA6] what was remembered before a server was restored is not used, though numbers are given anew", async () => {
  await using parts = await create();
  const { workspace, memory, store } = parts;
  let madeAtMs = 1;
  const head: MetadataStore["tree"]["head"] = async (id) => ({ ...(await store.tree.head(id)), madeAtMs });
  const cached = withCachedListings({ ...store, tree: { ...store.tree, head } }, memory.cache);
  for (let n = 0; n < 2; n += 1) await list(cached, workspace.root);
  assert.equal(memory.cache.statistics().hits, 1);
  madeAtMs = 2;
  await list(cached, workspace.root);
  assert.equal(memory.cache.statistics().hits, 1);
});

/** Creates, moves or deletes an entry, or deletes a folder with all that is in it. What can't be done is refused, which changes nothing. */
function operationOf(choice: {
  readonly act: number;
  readonly found: EntryState | undefined;
  readonly target: EntryId;
  readonly doomed: EntryId;
  readonly made: EntryId;
  readonly name: string;
}): CommitOperation {
  const { act, found, target, doomed, made, name } = choice;
  if (act === 3) return { op: "delete", id: doomed };
  if (act === 0 || !found?.parent_id) return { op: "create_folder", id: made, parent_id: target, name };
  if (act === 2) return { op: "delete", id: found.id };
  const { id, parent_id: base_parent_id, name: base_name } = found;
  return { op: "move", id, base_parent_id, base_name, parent_id: target, name };
}

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import type { WorkspaceId } from "@satchel/protocol";
import { createInProcessBus } from "../../storage/bus/in-process-bus.ts";
import { WorkspaceFixture } from "../../storage/metadata/contract/workspace-fixture.ts";
import { openInThreadMetadataStore } from "../../storage/metadata/sqlite/open-in-thread.ts";
import { openInThreadSearchIndex } from "../../storage/search/sqlite/open-in-thread-search.ts";
import { startIndexer } from "./indexer.ts";

async function setUp(t: TestContext, workspaces: number) {
  const metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  const index = await openInThreadSearchIndex({ path: ":memory:" });
  const ids: WorkspaceId[] = [];
  for (let nth = 0; nth < workspaces; nth += 1) {
    const fixture = await WorkspaceFixture.create(metadata);
    await fixture.makeFile("file.txt");
    ids.push(fixture.workspaceId);
  }
  const failing = new Set<WorkspaceId>();
  const failures: unknown[] = [];
  const tree: typeof metadata.tree = {
    ...metadata.tree,
    changesSince: async (query) => {
      if (failing.has(query.workspaceId)) throw new Error(`no feed of ${query.workspaceId}`);
      return metadata.tree.changesSince(query);
    },
  };
  const indexer = startIndexer({
    index,
    metadata: { tree, maintenance: metadata.maintenance },
    bus: createInProcessBus({ onListenerError: (error) => assert.fail(String(error)) }),
    host: { nowMs: () => 0, randomBytes, after: () => () => {} },
    onFailure: (error) => void failures.push(error),
  });
  t.after(async () => {
    await indexer.stop();
    await index.close();
    await metadata.close();
  });
  const indexed = async (): Promise<number> => (await index.positions(ids)).filter((position) => position).length;
  return { indexer, ids, failing, failures, indexed };
}

test("[SR13] a workspace that can't be indexed is told, keeps none of the others away, and is looked at again", async (t) => {
  const { indexer, ids, failing, failures, indexed } = await setUp(t, 4);
  for (const id of ids.toSorted().slice(0, 1)) failing.add(id);
  await indexer.catchUp();
  assert.deepEqual([failures.length, await indexed()], [1, 3]);
  failing.clear();
  await indexer.catchUp();
  assert.deepEqual([failures.length, await indexed()], [1, 4]);
});

test("[SR13] where one workspace after the other fails, the round ends", async (t) => {
  const { indexer, ids, failing, failures, indexed } = await setUp(t, 13);
  for (const id of ids) failing.add(id);
  await assert.rejects(indexer.catchUp(), /no feed/);
  assert.deepEqual([failures.length, await indexed()], [10, 0]);
});

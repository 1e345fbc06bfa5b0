import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChunkHash, WorkspaceId } from "@satchel/protocol";
import { ChunkCorruptError } from "../../storage/chunks/chunk-store-errors.ts";
import type { MaintenanceStore } from "../../storage/metadata/maintenance-store.ts";
import { sha256 } from "../../http/test-server.fixture.ts";
import type { ReadableChunks } from "../chunks/find-chunk-fault.ts";
import { checkStores } from "./check-stores.ts";

const workspaceId = "aaaaaaaaaaaaaaaa" as WorkspaceId;
const bytes = Buffer.from("content");
const hash = sha256(bytes) as ChunkHash;

function maintenanceWith(sizeBytes: number): MaintenanceStore {
  const partial: Partial<MaintenanceStore> = {
    listWorkspaces: async () => [workspaceId],
    check: async () => ({ problems: [], checked: { entries: 1 } }),
    listHeldChunks: async () => [{ hash, sizeBytes, references: 1 }],
  };
  return partial as MaintenanceStore;
}

async function faultsWith(get: ReadableChunks["get"], sizeBytes = bytes.length): Promise<string[]> {
  const report = await checkStores({ metadata: { maintenance: maintenanceWith(sizeBytes) }, chunks: { get } });
  assert.equal(report.ok, report.problems.length === 0);
  assert.deepEqual(report.checked, { chunks: 1, entries: 1 });
  return report.problems.map((problem) => problem.code);
}

test("[AP64] each fault of a chunk has its name", async () => {
  assert.deepEqual(await faultsWith(async () => [bytes]), []);
  assert.deepEqual(await faultsWith(async () => [undefined]), ["chunk_missing"]);
  assert.deepEqual(await faultsWith(async () => [Buffer.from("CONTENT")]), ["chunk_corrupt"]);
  assert.deepEqual(await faultsWith(() => Promise.reject(new ChunkCorruptError(hash))), ["chunk_corrupt"]);
  assert.deepEqual(await faultsWith(async () => [bytes], 8), ["chunk_size"]);
  await assert.rejects(
    faultsWith(() => Promise.reject(new Error("the disk is gone"))),
    /the disk is gone/,
  );
});

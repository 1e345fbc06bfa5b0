import { createHash, randomBytes } from "node:crypto";
import { encodeManifest, type ManifestChunk } from "@satchel/chunking";
import {
  makeEntryId,
  makeWorkspaceId,
  rootEntryId,
  type AccountId,
  type ChunkHash,
  type CommitOperation,
  type EntryId,
  type VersionHash,
  type WorkspaceId,
} from "@satchel/protocol";
import { startPostgres, temporaryDirectory } from "@satchel/testkit";
import type { MetadataStore } from "./metadata-store.ts";
import { openPostgresMetadataStore } from "./postgres/open-postgres-store.ts";
import { openInThreadMetadataStore } from "./sqlite/open-in-thread.ts";
import { openSqliteMetadataStore } from "./sqlite/open-sqlite-store.ts";
import type { FeedPosition } from "./tree-store.ts";

/** `node metadata-store.bench.ts`: what commits and pages of the feed cost. The data is random, the machine what it is. */
const filesPerBatch = 500;
const batches = 40;

const accountId = "bench" as AccountId;

async function main(): Promise<void> {
  const directory = await temporaryDirectory("bench");
  const postgres = await startPostgres();
  try {
    await measure(
      "SQLite in this thread",
      await openInThreadMetadataStore({ path: directory.join("one.db"), randomBytes }),
    );
    await measure("SQLite in a worker", await openSqliteMetadataStore({ path: directory.join("other.db") }));
    await measure("PostgreSQL (fsync off)", await openPostgresMetadataStore({ url: postgres.url, randomBytes }));
  } finally {
    await postgres.stop();
    await directory.remove();
  }
}

async function measure(name: string, store: MetadataStore): Promise<void> {
  process.stdout.write(`${name}\n`);
  try {
    await measureCalls(store);
  } finally {
    await store.close();
  }
}

async function measureCalls(store: MetadataStore): Promise<void> {
  const workspaceId = makeWorkspaceId(randomBytes(10));
  const account = {
    id: accountId,
    name: "bench",
    email: "b@example.org",
    emailConfirmed: "try" as const,
    passwordHash: "",
    isAdmin: false,
  };
  const nowMs = Date.now();
  await store.identity.createAccount({ ...account, quotaBytes: null, rootWorkspaceId: workspaceId, epoch: "e", nowMs });

  const commitMs: number[] = [];
  for (let batch = 0; batch < batches; batch += 1) {
    const operations = await newFiles(store, workspaceId, filesPerBatch);
    commitMs.push(await timed(() => commit(store, workspaceId, operations)));
  }
  report(`commit of ${filesPerBatch} new files`, commitMs);

  const smallMs: number[] = [];
  const smallCpuMs: number[] = [];
  for (let count = 0; count < 100; count += 1) {
    const operations = await newFiles(store, workspaceId, 1);
    const cpu = process.cpuUsage();
    smallMs.push(await timed(() => commit(store, workspaceId, operations)));
    const used = process.cpuUsage(cpu);
    smallCpuMs.push((used.user + used.system) / 1000);
  }
  report("commit of one new file", smallMs);
  report("  CPU of this process", smallCpuMs);

  const concurrent = await Promise.all(Array.from({ length: 64 }, () => newFiles(store, workspaceId, 1)));
  const groupMs = await timed(() =>
    Promise.all(concurrent.map((operations) => commit(store, workspaceId, operations))),
  );
  report("64 commits of one file at once, each", [groupMs / 64]);

  const waiting = await Promise.all(Array.from({ length: 64 * 8 }, () => newFiles(store, workspaceId, 1)));
  const manyMs = await timed(() => Promise.all(waiting.map((operations) => commit(store, workspaceId, operations))));
  report("512 commits of one file at once, each", [manyMs / waiting.length]);

  const pageMs: number[] = [];
  let after: FeedPosition | undefined = { sequence: 1, epoch: "e" };
  for (let page = 0; page < 8; page += 1) {
    pageMs.push(
      await timed(async () => {
        const answer = await store.tree.changesSince({ workspaceId, after, limit: 2000 });
        after = answer.position;
      }),
    );
  }
  report("page of 2,000 changes", pageMs);
}

async function newFiles(store: MetadataStore, workspaceId: WorkspaceId, count: number): Promise<CommitOperation[]> {
  const chunks = Array.from({ length: count }, (): ManifestChunk => ({
    hash: randomBytes(32).toString("hex") as ChunkHash,
    sizeBytes: 4096,
  }));
  await store.ledger.grant(workspaceId, chunks, Date.now());
  return chunks.map((chunk) => newFile(workspaceId, chunk));
}

function newFile(workspaceId: WorkspaceId, chunk: ManifestChunk): CommitOperation {
  const id: EntryId = makeEntryId(workspaceId, randomBytes(10));
  const content = {
    version_hash: createHash("sha256").update(Buffer.from(chunk.hash, "hex")).digest("hex") as VersionHash,
    size: chunk.sizeBytes,
    chunks: Buffer.from(encodeManifest([chunk])).toString("base64"),
    modified: new Date().toISOString(),
    executable: false,
  };
  return { op: "create_file", id, parent_id: rootEntryId(workspaceId), name: `file-${id}.txt`, content };
}

async function commit(store: MetadataStore, workspaceId: WorkspaceId, operations: CommitOperation[]): Promise<void> {
  const author = { accountId, deviceId: null };
  const outcome = await store.tree.commit({
    workspaceId,
    author,
    seenSequence: 0,
    operations,
    idempotency: undefined,
    nowMs: Date.now(),
  });
  const failed = outcome.results.find((result) => result.status === "failed");
  if (failed) throw new Error(JSON.stringify(failed));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function report(what: string, ms: readonly number[]): void {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);
  process.stdout.write(`  ${what}: median ${at(0.5)} ms, p95 ${at(0.95)} ms\n`);
}

await main();

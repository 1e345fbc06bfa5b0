import { hash } from "node:crypto";
import { decodeManifest, manifestSizeBytes, ManifestError, versionHash, type ManifestChunk } from "@satchel/chunking";
import type { ChunkHash, EntryId, VersionId, WorkspaceId } from "@satchel/protocol";
import { distinctChunks } from "../commit/content.ts";
import type { VersionRow } from "../rows/version-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { listHeldChunks } from "./chunk-ledger-upkeep.ts";
import type { Findings } from "./findings.ts";

/** The most chunks whose references are counted in memory at once; more take another pass over the versions. */
const maxCountedChunks = 500_000;
const versionsPerPage = 200;
const chunksPerPage = 5_000;

type CheckedVersion = Pick<VersionRow, "entry_id" | "version_id" | "version_hash" | "size" | "link_target" | "chunks">;

/** Manifests against their hashes and sizes, the ledger's reference counts against the manifests, and the workspace's use against the ledger. */
export async function checkChunks(
  session: SqlSession,
  { workspaceId, usedBytes }: { readonly workspaceId: WorkspaceId; readonly usedBytes: number },
  findings: Findings,
): Promise<void> {
  const [held] = await session.all<{ chunks: number; used: number }>(
    `SELECT count(*) AS chunks, CAST(COALESCE(sum(CASE WHEN reference_count > 0 THEN size ELSE 0 END), 0) AS BIGINT) AS used
     FROM workspace_chunks WHERE workspace_id = $1`,
    [workspaceId],
  );
  if (held && held.used !== usedBytes)
    findings.add("usage_wrong", `The workspace is said to use ${usedBytes} bytes, and uses ${held.used}.`);
  const passes = Math.max(1, Math.ceil((held?.chunks ?? 0) / maxCountedChunks));
  for (let pass = 0; pass < passes; pass += 1) {
    const isCounted = (chunk: ChunkHash) => Number.parseInt(chunk.slice(0, 8), 16) % passes === pass;
    const counts = await countReferences(session, { workspaceId, isCounted, isFirst: pass === 0 }, findings);
    await compareCounts(session, { workspaceId, isCounted, counts }, findings);
  }
}

interface Count {
  references: number;
  readonly sizeBytes: number;
}

async function countReferences(
  session: SqlSession,
  pass: { workspaceId: WorkspaceId; isCounted: (chunk: ChunkHash) => boolean; isFirst: boolean },
  findings: Findings,
): Promise<Map<ChunkHash, Count>> {
  const counts = new Map<ChunkHash, Count>();
  for await (const version of versionsOf(session, pass.workspaceId)) {
    const manifest = findManifest(version);
    if (pass.isFirst) checkVersion(version, manifest, findings);
    for (const { hash: name, sizeBytes } of distinctChunks(manifest ?? [])) {
      if (!pass.isCounted(name)) continue;
      const count = counts.get(name);
      if (count) count.references += 1;
      else counts.set(name, { references: 1, sizeBytes });
      findings.count("chunk_references", 1);
    }
  }
  return counts;
}

async function* versionsOf(session: SqlSession, workspaceId: WorkspaceId): AsyncGenerator<CheckedVersion> {
  let entryId = "" as EntryId;
  let versionId = "" as VersionId;
  for (;;) {
    const page = await session.all<CheckedVersion>(
      `SELECT entry_id, version_id, version_hash, size, link_target, chunks FROM versions
       WHERE workspace_id = $1 AND (entry_id, version_id) > ($2, $3) ORDER BY entry_id, version_id LIMIT ${versionsPerPage}`,
      [workspaceId, entryId, versionId],
    );
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < versionsPerPage) return;
    entryId = last.entry_id;
    versionId = last.version_id;
  }
}

function findManifest(version: CheckedVersion): ManifestChunk[] | undefined {
  try {
    return decodeManifest(version.chunks);
  } catch (error) {
    if (error instanceof ManifestError) return undefined;
    throw error;
  }
}

function checkVersion(version: CheckedVersion, manifest: ManifestChunk[] | undefined, findings: Findings): void {
  findings.count("versions", 1);
  if (!manifest || !fits(version, manifest))
    findings.add(
      "manifest_broken",
      `The chunk list of version ${version.version_id} of ${version.entry_id} does not fit its hash and size.`,
    );
}

function fits(version: CheckedVersion, manifest: ManifestChunk[]): boolean {
  if (version.link_target !== null) {
    const target = Buffer.from(version.link_target, "utf8");
    return (
      manifest.length === 0 && version.size === target.length && version.version_hash === hash("sha256", target, "hex")
    );
  }
  return manifestSizeBytes(manifest) === version.size && versionHash(manifest, sha256) === version.version_hash;
}

function sha256(bytes: Uint8Array): ChunkHash {
  return hash("sha256", bytes, "hex") as ChunkHash;
}

async function compareCounts(
  session: SqlSession,
  pass: { workspaceId: WorkspaceId; isCounted: (chunk: ChunkHash) => boolean; counts: Map<ChunkHash, Count> },
  findings: Findings,
): Promise<void> {
  const { workspaceId, isCounted, counts } = pass;
  let after: ChunkHash | undefined;
  for (;;) {
    const page = await listHeldChunks(session, { workspaceId, after, limit: chunksPerPage });
    for (const { hash: name, sizeBytes, references } of page.filter((chunk) => isCounted(chunk.hash))) {
      const counted = counts.get(name);
      counts.delete(name);
      const expected = counted?.references ?? 0;
      if (references !== expected)
        findings.add(
          "reference_count_wrong",
          `The chunk ${name} has ${expected} references, and ${references} are counted.`,
        );
      if (counted && counted.sizeBytes !== sizeBytes)
        findings.add(
          "chunk_size_wrong",
          `The chunk ${name} is used with ${counted.sizeBytes} bytes, and held with ${sizeBytes}.`,
        );
    }
    after = page.at(-1)?.hash;
    if (page.length < chunksPerPage) break;
  }
  for (const name of counts.keys())
    findings.add("chunk_unheld", `A version refers to the chunk ${name}, which the workspace does not hold.`);
}

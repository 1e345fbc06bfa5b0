import { distinctChunks, linkContent, type VersionContent } from "./content.ts";
import type { CommittedContent } from "@satchel/protocol";
import type { EntryRow } from "../rows/entry-row.ts";
import type { Batch } from "./batch.ts";
import type { ChangeSet } from "./change-set.ts";
import { storedChunks } from "./load-batch.ts";
import { Refusal } from "./refusal.ts";

/** @throws Refusal manifest_mismatch */
export function contentOf(batch: Batch, committed: CommittedContent): VersionContent {
  const content = batch.contents.get(committed);
  if (!content) throw new Refusal("manifest_mismatch", "The version hash or the size does not fit the chunks");
  return content;
}

/** The workspace has to hold every chunk of all of these with this size, and room for those that nothing refers to yet. @throws Refusal */
export function checkStorage({ chunks, context, usedBytes }: ChangeSet, ...contents: readonly VersionContent[]): void {
  const named = contents.flatMap((content) => content.distinctChunks);
  const missing = named.filter(({ hash, sizeBytes }) => chunks.find(hash)?.sizeBytes !== sizeBytes);
  if (missing.length > 0) {
    const missingChunks = distinctChunks(missing).map(({ hash }) => hash);
    throw new Refusal("chunk_missing", `${missingChunks.length} chunks are not on the server`, { missingChunks });
  }
  const { quota_bytes: quotaBytes } = context.workspace;
  if (quotaBytes === null) return;
  const newBytes = distinctChunks(named)
    .filter(({ hash }) => chunks.find(hash)?.references === 0)
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  // Content that takes no room is welcome even where the quota was lowered below what is used.
  const missingBytes = usedBytes + newBytes - quotaBytes;
  if (newBytes > 0 && missingBytes > 0)
    throw new Refusal("quota_exceeded", `There is not enough room for this file: ${missingBytes} bytes are missing`, {
      missingBytes,
    });
}

/** The entry's current content, with another time and mode. */
export function repeatedContent(
  { changes, manifests }: Batch,
  row: EntryRow,
  { modifiedMs, executable }: { readonly modifiedMs: number; readonly executable: boolean },
): VersionContent {
  if (row.link_target !== null) return linkContent({ target: row.link_target, modifiedMs });
  const packedChunks = row.version_id && (changes.findManifest(row.version_id) ?? manifests.get(row.version_id));
  if (!packedChunks || row.version_hash === null) throw new Error(`file ${row.entry_id} has no version`);
  return {
    versionHash: row.version_hash,
    sizeBytes: row.size,
    modifiedMs,
    executable,
    linkTarget: null,
    packedChunks,
    distinctChunks: storedChunks(packedChunks),
  };
}

import { decodeManifest } from "@satchel/chunking";
import type { ChunkHash, CommitOperation, CommittedContent, EntryId, VersionId } from "@satchel/protocol";
import { readManifests } from "../rows/read-manifests.ts";
import type { ChangeSet } from "./change-set.ts";
import { distinctChunks, findFileContent, type VersionContent } from "./content.ts";
import type { Place } from "../tree/working-tree.ts";

export interface LoadedBatch {
  /** Of the contents that the operations bring; undefined where hash, size and chunks don't belong together. */
  readonly contents: ReadonlyMap<CommittedContent, VersionContent | undefined>;
  /** Manifests of the versions that `touch` will repeat. */
  readonly manifests: ReadonlyMap<VersionId, Uint8Array>;
}

/** Loads all that the operations of a batch look at: entries with their ancestors, who holds the names, chunks, manifests. */
export async function loadBatch(changes: ChangeSet, operations: readonly CommitOperation[]): Promise<LoadedBatch> {
  await changes.tree.load(operations.flatMap(entriesOf));
  await changes.tree.loadHolders(operations.flatMap(placesOf));
  const contents = new Map<CommittedContent, VersionContent | undefined>();
  for (const content of operations.flatMap(contentsOf)) contents.set(content, findFileContent(content));
  await changes.chunks.load(chunksOf(contents.values()));
  return { contents, manifests: await touchedManifests(changes, operations) };
}

function entriesOf(operation: CommitOperation): EntryId[] {
  return "parent_id" in operation ? [operation.id, operation.parent_id] : [operation.id];
}

function contentsOf(operation: CommitOperation): CommittedContent[] {
  if (operation.op === "merge_file") return [operation.content, operation.merged.content];
  return "content" in operation ? [operation.content] : [];
}

function placesOf(operation: CommitOperation): Place[] {
  return "parent_id" in operation ? [{ parentId: operation.parent_id, name: operation.name }] : [];
}

function* chunksOf(contents: Iterable<VersionContent | undefined>): Generator<ChunkHash> {
  for (const content of contents) for (const { hash } of content?.distinctChunks ?? []) yield hash;
}

async function touchedManifests(
  { context, tree }: ChangeSet,
  operations: readonly CommitOperation[],
): Promise<Map<VersionId, Uint8Array>> {
  const touched = operations
    .filter((operation) => operation.op === "touch")
    .map(({ id }) => tree.find(id))
    .filter((row) => row?.type === "file" && row.version_id !== null)
    .map((row) => ({ id: row?.entry_id as EntryId, versionId: row?.version_id as VersionId }));
  return await readManifests(context.session, context.workspaceId, touched);
}

/** The distinct chunks of a packed manifest that the store wrote itself. */
export function storedChunks(packed: Uint8Array) {
  return distinctChunks(decodeManifest(packed));
}

import type { ChunkHash, EntryId, VersionId, WorkspaceId } from "@satchel/protocol";

/** Where a version's small picture is; `chunk` is null where none can be made of it. */
export interface StoredPreview {
  readonly chunk: ChunkHash | null;
}

export interface PreviewedVersion {
  readonly workspaceId: WorkspaceId;
  readonly entryId: EntryId;
  readonly versionId: VersionId;
}

/** Small pictures, each the chunk that holds it. They are the version's: who may see that may see them, and they go with it. While one stands here its chunk is held. */
export interface PreviewStore {
  find(version: PreviewedVersion, size: number): Promise<StoredPreview | undefined>;
  /** Takes the place of what was there. Nothing happens when the version is gone. */
  put(
    version: PreviewedVersion,
    pictures: readonly { readonly size: number; readonly chunk: ChunkHash | null }[],
  ): Promise<void>;
}

import type {
  ChangesPage,
  ChangesPush,
  ChunkHash,
  CommitOperation,
  CommitResponse,
  Cursor,
  EntryId,
  VersionHash,
  VersionId,
  WorkspaceId,
} from "@satchel/protocol";

export interface NamedChunk {
  readonly hash: ChunkHash;
  readonly sizeBytes: number;
}

/** What a device asks of its server. Failures are the api-client's: `OfflineError`, `LoginRevokedError`, `ProblemError`. Each call may be repeated. */
export interface Server {
  readonly workspaceId: WorkspaceId;
  /** `carried`: chunks that travel along; they are stored before the operations are looked at. */
  commit(request: {
    seen: Cursor;
    operations: readonly CommitOperation[];
    carried: readonly (NamedChunk & { bytes: Uint8Array })[];
    idempotencyKey: string;
  }): Promise<CommitResponse>;
  /** How many operations a commit may have at the moment, so that it gets through; at least 1. Left out: as many as the engine likes. */
  maxCommitOperations?(): number;
  changes(request: { cursor: Cursor | undefined }): Promise<ChangesPage>;
  /** Packed manifests, in order; undefined for a version that is gone. */
  manifests(versions: readonly { id: EntryId; versionId: VersionId }[]): Promise<(Uint8Array | undefined)[]>;
  /** The newest versions of a file, newest first: at most 1,000. */
  versions(id: EntryId): Promise<readonly { readonly versionId: VersionId; readonly contentHash: VersionHash }[]>;
  /** Positions of the chunks that the workspace does not have. */
  missingChunks(chunks: readonly NamedChunk[]): Promise<number[]>;
  uploadChunks(chunks: readonly (NamedChunk & { bytes: Uint8Array })[]): Promise<void>;
  /** In order; at most 16 MiB together. They may be put into the memory given, if there is room for them and for what comes with them. @throws ProblemError not_found when the workspace has not all of them */
  downloadChunks(chunks: readonly NamedChunk[], into?: Uint8Array): Promise<Uint8Array[]>;
  /** Listens until closed; reconnects by itself. `onState(true)` says that from then on pushes come, and is the time to look whether something was missed; `onEnd` that only a person can help. */
  subscribe(listener: {
    onPush(push: ChangesPush): void;
    /** The server's own copies of these chunks are damaged. */
    onWanted?(chunks: readonly NamedChunk[]): void;
    onState(connected: boolean): void;
    onEnd(error: Error): void;
    cursor(): Cursor | undefined;
  }): { close(): void };
}

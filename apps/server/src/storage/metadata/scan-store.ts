import type { AccountId, ChunkHash, EntryId, VersionHash, VersionId, WorkspaceId } from "@satchel/protocol";

export interface ScannedVersion {
  readonly workspaceId: WorkspaceId;
  readonly entryId: EntryId;
  readonly versionId: VersionId;
}

/** What a scanner said of a version's content. */
export interface ScanOutcome {
  readonly versionHash: VersionHash;
  /** Which signatures it knew. */
  readonly signatures: string;
  /** The name of what it found; null for nothing. */
  readonly finding: string | null;
  /** The version's distinct chunks. */
  readonly chunks: readonly ChunkHash[];
}

export interface QuarantinedVersion extends ScannedVersion {
  readonly finding: string;
  readonly foundAtMs: number;
  /** When an administrator let it out; null while it is kept from everybody. */
  readonly allowedAtMs: number | null;
  readonly ownerId: AccountId;
}

export interface HeldVersion {
  readonly versionId: VersionId;
  readonly finding: string;
}

/** `held`: it is kept from everybody, and whom that concerns is yet to be told; `known`: they were, or an administrator let this content out; `clean`; `gone`: there is no such version any more. */
export interface ScanRecord {
  readonly outcome: "held" | "known" | "clean" | "gone";
  /** Whose workspace it is. */
  readonly ownerId: AccountId;
}

/**
 * What scanners found in versions. A version with a finding is held: it is kept from everybody, and so are those of its chunks that no other version of the workspace needs. Rows are the version's, and go with it.
 */
export interface ScanStore {
  /** By which signatures a version was scanned last; undefined for never, and where something was found of which nobody was told. */
  signaturesOf(version: ScannedVersion): Promise<string | undefined>;
  /** Chunks that are in a version in which nothing was found are free from then on. */
  record(version: ScannedVersion, outcome: ScanOutcome, nowMs: number): Promise<ScanRecord>;
  /** Whom it concerns was told of what was found in the version. */
  markTold(version: ScannedVersion, nowMs: number): Promise<void>;
  /** Whether anything of the workspace is held. */
  holdsAny(workspaceId: WorkspaceId): Promise<boolean>;
  /** Those of these versions, 10,000 at most, that are held, with what was found in each. */
  findHeld(workspaceId: WorkspaceId, versionIds: readonly VersionId[]): Promise<readonly HeldVersion[]>;
  /** Those of these chunks, 10,000 at most, that are kept from everybody. */
  findBlocked(workspaceId: WorkspaceId, hashes: readonly ChunkHash[]): Promise<ChunkHash[]>;
  /** Held ones and those that were let out, the latest finding first. `after` is the `next` of the page before. */
  list(query: {
    readonly after: string | undefined;
    readonly limit: number;
  }): Promise<{ readonly versions: readonly QuarantinedVersion[]; readonly next: string | null }>;
  /** Where a version is in which something was found; undefined where there is none of this id. */
  findFinding(versionId: VersionId): Promise<Pick<ScannedVersion, "workspaceId" | "versionId"> | undefined>;
  /** How many versions are held. */
  countHeld(): Promise<number>;
  /** Lets a version out, and all of the workspace with its content, also what comes later. Answers what was found in it; undefined where no such version is held. */
  allow(version: Pick<ScannedVersion, "workspaceId" | "versionId">, nowMs: number): Promise<string | undefined>;
  /** True where the signatures are others than in the last round, which is `againAfterMs` ago at least: what has been looked through of feeds for tasks of this kind is listed again in `roundFeed` then. */
  beginRound(round: {
    readonly kind: string;
    readonly roundFeed: string;
    readonly signatures: string;
    readonly againAfterMs: number;
    readonly nowMs: number;
  }): Promise<boolean>;
}

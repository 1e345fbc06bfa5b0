import { hash, randomBytes } from "node:crypto";
import { encodeManifest, versionHash, type ManifestChunk } from "@satchel/chunking";
import {
  makeEntryId,
  makeWorkspaceId,
  rootEntryId,
  type AccountId,
  type ChunkHash,
  type CommitOperation,
  type CommitResult,
  type CommittedContent,
  type EntryId,
  type EntryState,
  type VersionId,
  type WorkspaceId,
} from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import type { CommitBatch, CommitOutcome, FeedPosition } from "../tree-store.ts";

type Done = Extract<CommitResult, { status: "done" }>;
type Failed = Extract<CommitResult, { status: "failed" }>;

/** For tests: an account with its workspace, and short words for what is done to it. */
export class WorkspaceFixture {
  readonly store: MetadataStore;
  readonly workspaceId: WorkspaceId;
  readonly accountId: AccountId;
  readonly root: EntryId;
  readonly epoch = "epoch-1";
  nowMs = Date.UTC(2026, 0, 1);

  private constructor(store: MetadataStore) {
    this.store = store;
    this.workspaceId = makeWorkspaceId(randomBytes(10));
    this.accountId = `account-${this.workspaceId}` as AccountId;
    this.root = rootEntryId(this.workspaceId);
  }

  static async create(store: MetadataStore, quotaBytes: number | null = null): Promise<WorkspaceFixture> {
    const fixture = new WorkspaceFixture(store);
    await store.identity.createAccount({
      id: fixture.accountId,
      name: `user-${fixture.workspaceId}`,
      email: "user@example.org",
      emailConfirmed: "try",
      passwordHash: "hash",
      isAdmin: false,
      quotaBytes,
      rootWorkspaceId: fixture.workspaceId,
      epoch: fixture.epoch,
      nowMs: fixture.nowMs,
    });
    return fixture;
  }

  newId(): EntryId {
    return makeEntryId(this.workspaceId, randomBytes(10));
  }

  /** Content whose chunks are these texts; each is granted unless `isGranted` is false. */
  async content(texts: readonly string[], options: { isGranted?: boolean } = {}): Promise<CommittedContent> {
    const manifest = texts.map(chunkOf);
    if (options.isGranted !== false) await this.store.ledger.grant(this.workspaceId, manifest, this.nowMs);
    return {
      version_hash: versionHash(manifest, sha256),
      size: manifest.reduce((sum, chunk) => sum + chunk.sizeBytes, 0),
      chunks: Buffer.from(encodeManifest(manifest)).toString("base64"),
      modified: "2026-01-02T03:04:05.678Z",
      executable: false,
    };
  }

  async commit(operations: CommitOperation[], more: Partial<CommitBatch> = {}): Promise<CommitOutcome> {
    this.nowMs += 1000;
    const seenSequence = more.seenSequence ?? (await this.head()).sequence;
    return await this.store.tree.commit({
      workspaceId: this.workspaceId,
      author: { accountId: this.accountId, deviceId: null },
      operations,
      idempotency: undefined,
      nowMs: this.nowMs,
      ...more,
      seenSequence,
    });
  }

  /** Commits one operation that is done. */
  async done(operation: CommitOperation, more: Partial<CommitBatch> = {}): Promise<Done> {
    const { results } = await this.commit([operation], more);
    const [result] = results;
    if (result?.status !== "done") throw new Error(`${operation.op} was not done: ${JSON.stringify(result)}`);
    return result;
  }

  /** Commits one operation that is refused. */
  async failed(operation: CommitOperation, more: Partial<CommitBatch> = {}): Promise<Failed> {
    const { results } = await this.commit([operation], more);
    const [result] = results;
    if (result?.status !== "failed") throw new Error(`${operation.op} was done: ${JSON.stringify(result)}`);
    return result;
  }

  async makeFolder(name: string, parentId: EntryId = this.root): Promise<EntryId> {
    const id = this.newId();
    await this.done({ op: "create_folder", id, parent_id: parentId, name });
    return id;
  }

  async makeFile(name: string, parentId: EntryId = this.root, texts: readonly string[] = [name]): Promise<EntryId> {
    const id = this.newId();
    await this.done({ op: "create_file", id, parent_id: parentId, name, content: await this.content(texts) });
    return id;
  }

  async edit(id: EntryId, texts: readonly string[], base?: VersionId): Promise<VersionId> {
    const content = await this.content(texts);
    const baseVersion = base ?? (await this.state(id)).version_id;
    if (!baseVersion) throw new Error(`${id} has no version`);
    const done = await this.done({ op: "edit_file", id, base_version_id: baseVersion, content });
    return done.version_id as VersionId;
  }

  async remove(id: EntryId): Promise<Done> {
    return await this.done({ op: "delete", id });
  }

  async head(): Promise<FeedPosition> {
    return await this.store.tree.head(this.workspaceId);
  }

  /** Of a living entry. */
  async state(id: EntryId): Promise<EntryState> {
    const found = await this.store.tree.findEntry(id);
    if (!found) throw new Error(`${id} is not alive`);
    return found.entry;
  }

  async path(id: EntryId): Promise<string | undefined> {
    return (await this.store.tree.findEntry(id))?.path;
  }

  /** All changes after a position, in pages of `limit`. */
  async changes(after: FeedPosition | undefined, limit = 100): Promise<EntryState[]> {
    const all: EntryState[] = [];
    let position = after;
    for (;;) {
      const page = await this.store.tree.changesSince({ workspaceId: this.workspaceId, after: position, limit });
      all.push(...page.changes);
      position = page.position;
      if (!page.hasMore) return all;
    }
  }

  /** The paths of all living entries, sorted, with the first text of each file's content when it is asked for. */
  async paths(): Promise<string[]> {
    return livingPaths(await this.changes(undefined));
  }
}

/** The living tree that somebody who was told these states ends with, as sorted paths. */
export function livingPaths(states: Iterable<EntryState>): string[] {
  const byId = new Map([...states].map((state) => [state.id, state]));
  const pathOf = (state: EntryState): string | undefined => {
    if (state.deleted || state.parent_id === null) return undefined;
    if (state.parent_id.endsWith(".root")) return `/${state.name}`;
    const parent = byId.get(state.parent_id);
    const path = parent && pathOf(parent);
    return path === undefined ? undefined : `${path}/${state.name}`;
  };
  return [...byId.values()]
    .map(pathOf)
    .filter((path) => path !== undefined)
    .toSorted();
}

/** A chunk whose bytes are this text. */
export function chunkOf(text: string): ManifestChunk {
  const bytes = Buffer.from(text);
  return { hash: sha256(bytes), sizeBytes: bytes.length };
}

function sha256(bytes: Uint8Array): ChunkHash {
  return hash("sha256", bytes, "hex") as ChunkHash;
}

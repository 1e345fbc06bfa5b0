import { ProblemError, type ChunkHash, type EntryState, type WorkspaceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import { eachWorkspace } from "../../storage/metadata/each-workspace.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { FeedPage, FeedPosition } from "../../storage/metadata/tree-store.ts";
import type { IndexedEntry, SearchIndex } from "../../storage/search/search-index.ts";
import { dropBuried } from "./drop-buried.ts";
import { kindOf } from "./describe-found.ts";
import { textFormatOf } from "./texts/extract/extract-text.ts";
import type { TextlessChunks } from "./texts/textless-chunks.ts";

/** Commits come in bursts: they are indexed once none came for this long, when a machine has time again. */
const quietMs = 1000;
/** Where commits never rest, they are indexed after this time all the same. */
const maxDelayMs = 30_000;
/** After something failed, everything is looked at again. */
const retryMs = 30_000;
/** The most workspaces of one round that may fail for themselves. */
const maxFailed = 10;
const changesPerStep = 500;
/** The most workspaces that are remembered one by one; beyond, all are looked at. */
const maxWaiting = 10_000;

export interface Indexer {
  /** Brings the index to where the feeds are now, but of workspaces that fail, and drops those that are gone. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

interface IndexerParts {
  readonly index: SearchIndex;
  readonly metadata: Pick<MetadataStore, "tree" | "maintenance">;
  readonly bus: Bus;
  readonly host: Host;
  /** What was seen to be no text as it was brought needn't be read. */
  readonly textless?: Pick<TextlessChunks, "has" | "forget">;
  readonly onFailure: (error: unknown) => void;
  /** Names were indexed: there may be texts to be read. */
  readonly onFollowed?: () => void;
}

/** Follows the feeds of all workspaces with the search index, one step at a time. Where it stands is in the index itself, so it may be killed anywhere, and several servers may do this at once. */
export function startIndexer(parts: IndexerParts): Indexer {
  const { bus, host } = parts;
  const stopping = new AbortController();
  const waiting = new Set<WorkspaceId>();
  const failing = keepFailing(host, (workspaceIds) => {
    for (const workspaceId of workspaceIds) waiting.add(workspaceId);
    firstAtMs ??= host.nowMs();
    wait(quietMs);
  });
  let lookAtAll = true;
  let firstAtMs: number | undefined;
  let lastAtMs = host.nowMs();
  let running: Promise<void> = Promise.resolve();
  let cancel = host.after(quietMs, tick);
  let isTimed = true;

  const endListening = bus.subscribe((message) => {
    if (message.kind === "gap" || waiting.size >= maxWaiting) lookAtAll = true;
    else if (message.kind === "committed" && !failing.has(message.workspaceId)) waiting.add(message.workspaceId);
    else return;
    lastAtMs = host.nowMs();
    firstAtMs ??= lastAtMs;
    wait(quietMs);
  });

  function wait(delayMs: number): void {
    if (isTimed || stopping.signal.aborted) return;
    isTimed = true;
    cancel = host.after(delayMs, tick);
  }

  function tick(): void {
    isTimed = false;
    const nowMs = host.nowMs();
    const restMs = quietMs - (nowMs - lastAtMs);
    if (restMs > 0 && nowMs - (firstAtMs ?? nowMs) < maxDelayMs) return wait(restMs);
    running = running.then(run).catch((error: unknown) => {
      if (stopping.signal.aborted) return;
      parts.onFailure(error);
      lookAtAll = true;
      wait(retryMs);
    });
  }

  /** What is told of while it runs waits for the next time. */
  async function run(): Promise<void> {
    const [some, all] = [[...waiting], lookAtAll];
    waiting.clear();
    [lookAtAll, firstAtMs] = [false, undefined];
    failing.add(all ? await followAll(parts, stopping.signal) : await followEach(parts, some, stopping.signal));
    if (waiting.size === 0 && !lookAtAll) parts.textless?.forget();
    parts.onFollowed?.();
  }

  return {
    async catchUp() {
      running = running.catch(() => {}).then(async () => failing.add(await followAll(parts, stopping.signal)));
      await running;
    },
    async stop() {
      stopping.abort();
      cancel();
      failing.stop();
      endListening();
      await running.catch(() => {});
    },
  };
}

/** Workspaces that failed. They wait for themselves: what is told of others meanwhile is not kept waiting with them. */
function keepFailing(host: Host, retry: (workspaceIds: readonly WorkspaceId[]) => void) {
  const failing = new Set<WorkspaceId>();
  let cancel: (() => void) | undefined;
  let isStopped = false;
  const due = (): void => {
    const all = [...failing];
    cancel = undefined;
    failing.clear();
    retry(all);
  };
  return {
    has: (workspaceId: WorkspaceId): boolean => failing.has(workspaceId),
    add(failed: readonly WorkspaceId[]): void {
      for (const workspaceId of failed) failing.add(workspaceId);
      if (failing.size > 0 && !isStopped) cancel ??= host.after(retryMs, due);
    },
    stop(): void {
      isStopped = true;
      cancel?.();
    },
  };
}

async function followAll(parts: IndexerParts, signal: AbortSignal): Promise<WorkspaceId[]> {
  const { index, metadata } = parts;
  const isThere = (workspaceId: WorkspaceId): Promise<boolean> =>
    metadata.tree.head(workspaceId).then(() => true, isNotFound);
  for await (const workspaceId of eachWorkspace(index, signal))
    if (!(await isThere(workspaceId))) await forget(parts, workspaceId, signal);
  return followEach(parts, eachWorkspace(metadata.maintenance, signal), signal);
}

/** Brings these up to date, and answers those that failed: one that does keeps none of the others away. @throws what failed where that is many, since it is none of the workspaces' then */
async function followEach(
  parts: IndexerParts,
  workspaceIds: Iterable<WorkspaceId> | AsyncIterable<WorkspaceId>,
  signal: AbortSignal,
): Promise<WorkspaceId[]> {
  const failed: WorkspaceId[] = [];
  for await (const workspaceId of workspaceIds) {
    if (signal.aborted) return failed;
    try {
      await follow(parts, workspaceId, signal);
    } catch (error) {
      if (failed.length === maxFailed || signal.aborted) throw error;
      parts.onFailure(error);
      failed.push(workspaceId);
    }
  }
  return failed;
}

/** Brings one workspace's part up to date. */
async function follow(parts: IndexerParts, workspaceId: WorkspaceId, signal: AbortSignal): Promise<void> {
  const { index } = parts;
  while (!signal.aborted) {
    const [before] = await index.positions([workspaceId]);
    const page = await readFeed(parts, workspaceId, before, signal);
    if (!page) return;
    if (before && page.changes.length === 0 && page.position.sequence === before.sequence) return;
    const isApplied = await index.apply({
      workspaceId,
      before,
      put: page.changes.flatMap((entry) => indexed(entry, parts) ?? []),
      remove: page.changes.filter(({ deleted }) => deleted).map(({ id }) => id),
      after: page.position,
    });
    // Where another server was faster, the next look shows how far it came.
    if (isApplied) await dropBuried(parts, workspaceId, page.changes.filter(holdsNothing), signal);
    if (!page.hasMore && isApplied) return;
  }
}

/** Undefined when there is nothing to follow. A feed that can't be gone on with is read from its beginning. */
async function readFeed(
  parts: IndexerParts,
  workspaceId: WorkspaceId,
  before: FeedPosition | undefined,
  signal: AbortSignal,
): Promise<FeedPage | undefined> {
  const read = (after: FeedPosition | undefined): Promise<FeedPage> =>
    parts.metadata.tree.changesSince({ workspaceId, after, limit: changesPerStep });
  try {
    return await read(before);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const mustStartAnew = error.code === "cursor_expired" || error.code === "cursor_ahead";
    if (!mustStartAnew && error.code !== "not_found") throw error;
    await forget(parts, workspaceId, signal);
    return mustStartAnew && !signal.aborted ? await read(undefined) : undefined;
  }
}

async function forget({ index }: IndexerParts, workspaceId: WorkspaceId, signal: AbortSignal): Promise<void> {
  for (let more = true; more && !signal.aborted;) ({ more } = await index.forget(workspaceId, changesPerStep));
}

/** Deleted, or the mount of a share: what lay in it is not there any more, and the feed doesn't tell that one by one. */
function holdsNothing({ deleted, type, mounts }: EntryState): boolean {
  return type === "folder" && (deleted || mounts !== undefined);
}

function indexed(entry: EntryState, { textless }: Pick<IndexerParts, "textless">): IndexedEntry | undefined {
  const { id, parent_id: parentId, name, size: sizeBytes, modified, deleted } = entry;
  if (deleted || parentId === null) return undefined;
  const modifiedMs = modified === null ? null : Date.parse(modified);
  const kind = kindOf(entry);
  const format = textFormatOf({ name, kind, sizeBytes });
  const first = format === "plain" ? firstChunkOf(entry) : undefined;
  const hasText = format !== undefined && !(first && textless?.has(first));
  const content = hasText ? entry.version_hash : null;
  return { id, parentId, name, kind, sizeBytes, modifiedMs, content };
}

/** Undefined where the feed doesn't tell it: the content has many chunks, or none. */
function firstChunkOf({ chunks = "" }: EntryState): ChunkHash | undefined {
  return chunks === "" ? undefined : (Buffer.from(chunks.slice(0, 44), "base64").toHex().slice(0, 64) as ChunkHash);
}

function isNotFound(error: unknown): false {
  if (error instanceof ProblemError && error.code === "not_found") return false;
  throw error;
}

import type { ManifestChunk } from "@satchel/chunking";
import { maxBundleBytes, ProblemError, type ChunkHash, type DeviceId, type WorkspaceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Quota } from "../quota/quota.ts";
import type { ServerKeys } from "../identity/server-keys.ts";
import { maxChunksPerCall, type ChunkBytes, type ChunkStore } from "../../storage/chunks/chunk-store.ts";
import { ChunkCorruptError, ChunkMismatchError } from "../../storage/chunks/chunk-store-errors.ts";
import type { LedgerStore } from "../../storage/metadata/ledger-store.ts";
import type { DamagedChunks } from "./damaged-chunks.ts";
import { createUnaskedBytes, type UnaskedBytes } from "./unasked-bytes.ts";
import { readChunkUrl, signChunkUrl, type ChunkUrlClaims, type ChunkUrlQuery } from "./chunk-url.ts";

/**
 * Chunks on their way in and out. Every call is made for one workspace, and knows only what that workspace holds: a chunk that
 * others have is missing here until its bytes were brought.
 */
export interface ChunkTransfer {
  /** Positions of the chunks that have to be sent: those that the workspace doesn't hold, and those whose bytes are damaged here. The others stay for at least the grace time. */
  findMissing(workspaceId: WorkspaceId, chunks: readonly ManifestChunk[]): Promise<number[]>;
  /** Makes bytes durable, which the store may keep, and leaves it to the caller's commit to let the workspace hold them. @throws hash_mismatch, quota_exceeded */
  keep(workspaceId: WorkspaceId, chunks: readonly ChunkBytes[]): Promise<void>;
  /** Stores bytes, which the store may keep, and lets the workspace hold them. Durable when it resolves. @throws hash_mismatch, quota_exceeded */
  store(workspaceId: WorkspaceId, chunks: readonly ChunkBytes[]): Promise<void>;
  /** All of them, in order, at most a bundle's bytes, in the memory given where it can be. Damaged ones are asked for from the workspace's devices. @throws not_found, bad_request, content_damaged */
  fetch(
    workspaceId: WorkspaceId,
    chunks: readonly ManifestChunk[],
    into?: Uint8Array<SharedArrayBuffer>,
  ): Promise<Uint8Array[]>;
  /** Chunks of a version of the workspace that the caller may see, without a look into the ledger. @throws content_damaged */
  read(workspaceId: WorkspaceId, hashes: readonly ChunkHash[]): Promise<Uint8Array[]>;
  /** Paths to `PUT` each chunk at, for 10 minutes from `fromMs` on; from now if left out. */
  uploadPaths(holder: UrlHolder, chunks: readonly ManifestChunk[], fromMs?: number): string[];
  /** @throws not_found unless the workspace holds all of them */
  requireHeld(workspaceId: WorkspaceId, chunks: readonly ManifestChunk[]): Promise<void>;
  /** Paths to `GET` each chunk at. @throws not_found */
  downloadPaths(holder: UrlHolder, chunks: readonly ManifestChunk[]): Promise<string[]>;
  /** @throws url_expired */
  readUrl(url: { method: "GET" | "PUT"; hash: ChunkHash; query: ChunkUrlQuery }): ChunkUrlClaims;
}

/** For whom an address is made: it is good while this device may use the workspace. */
export interface UrlHolder {
  readonly workspaceId: WorkspaceId;
  readonly deviceId: DeviceId;
}

interface ChunkTransferParts {
  readonly chunks: ChunkStore;
  readonly ledger: LedgerStore;
  readonly quota: Quota;
  readonly damaged: DamagedChunks;
  readonly keys: ServerKeys;
  readonly host: Host;
  /** Looks at chunks that are brought, before they are the store's; what it returns is called once they are known to be what their hashes say. */
  readonly look?: (chunks: readonly ChunkBytes[]) => () => void;
}

interface KeepingParts extends ChunkTransferParts {
  readonly unasked: UnaskedBytes;
}

/** The most chunks of a refused bundle that are looked at one by one. */
const maxLookedAt = 512;

export function createChunkTransfer(parts: ChunkTransferParts): ChunkTransfer {
  const { damaged, keys, host } = parts;
  const keeping: KeepingParts = { ...parts, unasked: createUnaskedBytes(host) };

  async function requireHeld(workspaceId: WorkspaceId, chunks: readonly ManifestChunk[]): Promise<void> {
    const missing = await findMissing(parts, workspaceId, chunks);
    if (missing.length > 0)
      throw new ProblemError("not_found", `${missing.length} of ${chunks.length} chunks are not there`);
  }

  const read = (workspaceId: WorkspaceId, hashes: readonly ChunkHash[], into?: Uint8Array<SharedArrayBuffer>) =>
    readOrTell(parts, { workspaceId, hashes, into });

  /** The store stops at the first that is damaged: all of them are looked for, so that all are asked for at once. */
  async function askForDamaged(workspaceId: WorkspaceId, chunks: readonly ManifestChunk[]): Promise<void> {
    for (const { hash } of chunks.slice(0, maxLookedAt))
      if (!damaged.has(hash)) await read(workspaceId, [hash]).catch(() => undefined);
    damaged.askFor(workspaceId, chunks);
  }

  function sign(claims: ChunkUrlClaims, fromMs = host.nowMs()): string {
    return signChunkUrl(keys.chunkUrl, claims, fromMs);
  }

  return {
    read,
    async findMissing(workspaceId, chunks) {
      const missing = new Set(await findMissing(parts, workspaceId, chunks));
      return chunks.flatMap(({ hash }, index) => (missing.has(index) || damaged.has(hash) ? [index] : []));
    },
    async keep(workspaceId, chunks) {
      await parts.quota.admitCarried(workspaceId, sizesOf(chunks));
      await keepChunks(keeping, workspaceId, chunks);
    },
    store: (workspaceId, chunks) => storeChunks(keeping, workspaceId, chunks),
    async fetch(workspaceId, chunks, into) {
      const bytes = bytesOf(chunks);
      if (bytes > maxBundleBytes)
        throw new ProblemError("bad_request", `${bytes} bytes are more than a bundle's ${maxBundleBytes}`);
      await requireHeld(workspaceId, chunks);
      try {
        return await readParts((hashes, room) => read(workspaceId, hashes, room), chunks, into);
      } catch (error) {
        if (error instanceof ProblemError && error.code === "content_damaged") await askForDamaged(workspaceId, chunks);
        throw error;
      }
    },
    requireHeld,
    uploadPaths: ({ workspaceId, deviceId }, chunks, fromMs) =>
      chunks.map((chunk) => sign({ method: "PUT", workspaceId, deviceId, ...chunk }, fromMs)),
    async downloadPaths({ workspaceId, deviceId }, chunks) {
      await requireHeld(workspaceId, chunks);
      return chunks.map((chunk) => sign({ method: "GET", workspaceId, deviceId, ...chunk }));
    },
    readUrl: (url) => readChunkUrl(keys.chunkUrl, url, host.nowMs()),
  };
}

async function findMissing(
  { ledger, host }: ChunkTransferParts,
  workspaceId: WorkspaceId,
  chunks: readonly ManifestChunk[],
): Promise<number[]> {
  if (chunks.length === 0) return [];
  const sizes = await ledger.sizesOfHeld(
    workspaceId,
    chunks.map((chunk) => chunk.hash),
    host.nowMs(),
  );
  return chunks.flatMap((chunk, index) => (sizes[index] === chunk.sizeBytes ? [] : [index]));
}

async function storeChunks(
  parts: KeepingParts,
  workspaceId: WorkspaceId,
  chunks: readonly ChunkBytes[],
): Promise<void> {
  const { ledger, quota, host } = parts;
  const sizes = sizesOf(chunks);
  await quota.admit(workspaceId, sizes);
  await keepChunks(parts, workspaceId, chunks);
  // Only what is durable may be held: a power cut between the two leaves bytes that nobody holds, which the collector finds.
  await ledger.grant(workspaceId, sizes, host.nowMs());
}

async function readOrTell(
  { chunks: store, damaged }: ChunkTransferParts,
  asked: {
    readonly workspaceId: WorkspaceId;
    readonly hashes: readonly ChunkHash[];
    readonly into: Uint8Array<SharedArrayBuffer> | undefined;
  },
): Promise<Uint8Array[]> {
  try {
    const found = await store.get(asked.hashes, asked.into, asked.workspaceId);
    return found.map((bytes, index) => {
      if (!bytes) throw new ChunkCorruptError(asked.hashes[index] as ChunkHash);
      return bytes;
    });
  } catch (error) {
    if (!(error instanceof ChunkCorruptError)) throw error;
    damaged.add(error.hash);
    throw new ProblemError("content_damaged", "a chunk of this content is damaged; `satchel admin check` names it");
  }
}

/** Each workspace's chunks are written as if nobody had them, so that the time tells nothing of what others have. [SE43] */
async function keepChunks(parts: KeepingParts, workspaceId: WorkspaceId, chunks: readonly ChunkBytes[]): Promise<void> {
  const { chunks: store, damaged, look } = parts;
  try {
    for (const part of partsOf(chunks)) {
      const held = await soundlyHeld(parts, workspaceId, part);
      const seen = look?.(part);
      await store.put(part, { holder: workspaceId, held });
      seen?.();
      damaged.remove(part.map(({ hash }) => hash));
    }
  } catch (error) {
    if (error instanceof ChunkMismatchError) throw new ProblemError("hash_mismatch", error.message);
    throw error;
  }
}

/** What needn't be written again, since the workspace itself has it: bringing the same again and again doesn't fill the disk. Of few bytes it isn't asked at first. */
async function soundlyHeld(
  { ledger, damaged, host, unasked }: KeepingParts,
  workspaceId: WorkspaceId,
  chunks: readonly ChunkBytes[],
): Promise<ReadonlySet<ChunkHash>> {
  if (unasked.take(workspaceId, chunks)) return nothing;
  const hashes = chunks.map(({ hash }) => hash);
  const sizes = await ledger.sizesOfHeld(workspaceId, hashes, host.nowMs());
  return new Set(hashes.filter((hash, index) => sizes[index] !== undefined && !damaged.has(hash)));
}

const nothing: ReadonlySet<ChunkHash> = new Set();

async function readParts(
  read: (hashes: readonly ChunkHash[], into?: Uint8Array<SharedArrayBuffer>) => Promise<Uint8Array[]>,
  chunks: readonly ManifestChunk[],
  into: Uint8Array<SharedArrayBuffer> | undefined,
): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  let room = into;
  for (const part of partsOf(chunks)) {
    const hashes = part.map(({ hash }) => hash);
    pieces.push(...(await read(hashes, room)));
    room = room?.subarray(bytesOf(part));
  }
  return pieces;
}

function bytesOf(chunks: readonly ManifestChunk[]): number {
  return chunks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function sizesOf(chunks: readonly ChunkBytes[]): ManifestChunk[] {
  return chunks.map(({ hash, bytes }) => ({ hash, sizeBytes: bytes.length }));
}

function* partsOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += maxChunksPerCall)
    yield items.slice(start, start + maxChunksPerCall);
}

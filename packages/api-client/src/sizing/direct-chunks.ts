import { maxDirectChunks, minDirectChunkBytes } from "@satchel/protocol";
import type { ChunkHash } from "@satchel/protocol";
import { LoginRevokedError } from "../tokens/token-source.ts";
import type { DirectAddress, DirectChunkCalls } from "../requests/direct-chunk-calls.ts";
import type { Timing } from "../retry/timing.ts";
import type { SizedChunk } from "./sized-chunks.ts";
import type { ChunkWay } from "./sized-requests.ts";

type FullChunk = SizedChunk & { readonly bytes: Uint8Array };

/** The way past the server, between this device and the object store, as far as there is one. What doesn't get through goes the other way: nothing here is an error that anybody is told of. */
export interface DirectChunks {
  /** Brings the chunks of at most `maxBytes` each, and answers those that have to go through the server. @throws LoginRevokedError */
  upload(chunks: readonly FullChunk[], maxBytes: number): Promise<FullChunk[]>;
  /** Fetches the chunks of at most `maxBytes` each: verified; those that are missing in the answer have to come through the server. @throws LoginRevokedError */
  download(chunks: readonly SizedChunk[], maxBytes: number): Promise<Map<ChunkHash, Uint8Array>>;
}

export interface DirectChunksOptions extends ChunkWay<DirectChunkCalls, SizedChunk> {
  /** Of the server, which says how well an address has to be protected. */
  readonly serverUrl: string;
  readonly timing: Pick<Timing, "nowMs">;
  /** SHA-256, in hex. */
  readonly digest: (bytes: Uint8Array) => string;
}

/** How long the object store is left alone after it couldn't be reached, or didn't do what it should. */
export const directPauseMs = 5 * 60_000;
/** How long a server is not asked again that has no such way. */
export const directAbsentMs = 60 * 60_000;
/** Chunks under way at one time, in each call. */
const maxUnderWay = 4;
/** The object store is tried once: the way through the server is there. */
const once = { retry: { attempts: 1, maxWaitMs: 0 } } as const;

/** There is a way past the server only where its object store is one that this device reaches. That is found out by going it. */
export function createDirectChunks(options: DirectChunksOptions): DirectChunks {
  const gate = createGate(options.timing);
  const candidates = <T extends SizedChunk>(chunks: readonly T[], maxBytes: number): T[] =>
    gate.isOpen() ? chunks.filter(({ sizeBytes }) => sizeBytes >= minDirectChunkBytes && sizeBytes <= maxBytes) : [];
  return {
    async upload(chunks, maxBytes) {
      const done = new Set<ChunkHash>();
      for (const group of groupsOf(candidates(chunks, maxBytes)))
        for (const hash of await bring(options, gate, group)) done.add(hash);
      return chunks.filter(({ hash }) => !done.has(hash));
    },
    async download(chunks, maxBytes) {
      const fetched = new Map<ChunkHash, Uint8Array>();
      for (const group of groupsOf(candidates(chunks, maxBytes))) await fetchInto(fetched, options, gate, group);
      return fetched;
    },
  };
}

/** Whether the way is gone at the moment. */
interface Gate {
  isOpen(): boolean;
  close(forMs: number): void;
  /** Undefined when it failed, which closes the way for a while. @throws LoginRevokedError */
  tried<T>(work: () => Promise<T>): Promise<T | undefined>;
}

function createGate({ nowMs }: Pick<Timing, "nowMs">): Gate {
  let closedUntilMs = Number.NEGATIVE_INFINITY;
  const close = (forMs: number): void => {
    closedUntilMs = nowMs() + forMs;
  };
  return {
    isOpen: () => nowMs() >= closedUntilMs,
    close,
    async tried(work) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof LoginRevokedError) throw error;
        close(directPauseMs);
        return undefined;
      }
    },
  };
}

/** Which chunks of the group the workspace has now. */
async function bring(
  { workspaceId, calls, pack, serverUrl }: DirectChunksOptions,
  gate: Gate,
  group: readonly FullChunk[],
): Promise<ChunkHash[]> {
  const ask = () => calls.openDirectUploads({ workspaceId, chunks: pack(group) }, once);
  const uploads = await openAddresses(gate, serverUrl, ask);
  const brought: { hash: ChunkHash; receipt: string }[] = [];
  await eachOf(group, async ({ hash, bytes }, index) => {
    const upload = uploads[index];
    if (!upload || !gate.isOpen()) return;
    const done = await gate.tried(() => calls.putDirect(upload, [bytes], once).then(() => true));
    if (done) brought.push({ hash, receipt: upload.receipt });
  });
  if (brought.length === 0) return [];
  const receipts = brought.map(({ receipt }) => receipt);
  const stored = (await gate.tried(() => calls.directStored({ workspaceId, receipts }, once))) ?? [];
  // A store that took bytes and hasn't them is none to rely on.
  if (stored.includes(false)) gate.close(directPauseMs);
  return brought.flatMap(({ hash }, index) => (stored[index] ? [hash] : []));
}

async function fetchInto(
  fetched: Map<ChunkHash, Uint8Array>,
  { workspaceId, calls, pack, serverUrl, digest }: DirectChunksOptions,
  gate: Gate,
  group: readonly SizedChunk[],
): Promise<void> {
  const ask = () => calls.openDirectDownloads({ workspaceId, chunks: pack(group) }, once);
  const downloads = await openAddresses(gate, serverUrl, ask);
  await eachOf(group, async ({ hash, sizeBytes }, index) => {
    const address = downloads[index];
    if (!address || !gate.isOpen()) return;
    const bytes = await gate.tried(() => calls.getDirect(address, once));
    // What is not the chunk comes through the server, which then sees that its own is damaged.
    if (bytes?.length === sizeBytes && digest(bytes) === hash) fetched.set(hash, bytes);
  });
}

/** The addresses of a group's chunks; none where there is no such way, which then is closed. */
async function openAddresses<A extends DirectAddress>(
  gate: Gate,
  serverUrl: string,
  ask: () => Promise<readonly (A | null)[]>,
): Promise<readonly (A | null)[]> {
  const addresses = await gate.tried(ask);
  if (addresses?.length === 0) gate.close(directAbsentMs);
  return (addresses ?? []).map((address) => (address && isProtected(address, serverUrl) ? address : null));
}

function* groupsOf<T>(chunks: readonly T[]): Generator<T[]> {
  for (let at = 0; at < chunks.length; at += maxDirectChunks) yield chunks.slice(at, at + maxDirectChunks);
}

/** Who comes to the server over TLS doesn't send bytes elsewhere in the clear. */
function isProtected({ url }: DirectAddress, serverUrl: string): boolean {
  return url.startsWith("https:") || (url.startsWith("http:") && serverUrl.startsWith("http:"));
}

async function eachOf<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(maxUnderWay, items.length) }, lane));
}

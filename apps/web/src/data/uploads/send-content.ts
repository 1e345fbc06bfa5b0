import {
  chooseLevel,
  createChunker,
  encodeManifest,
  estimateLevel,
  versionHash,
  type Chunker,
  type Level,
  type ManifestChunk,
} from "@satchel/chunking";
import type { ApiClient } from "@satchel/api-client";
import { ProblemError, type CommittedContent, type EntryId, type WorkspaceId } from "@satchel/protocol";
import { sha256, sha256Sync } from "./sha256.ts";

/** Chunks are asked for and sent in bundles of about this size. */
const bundleBytes = 4 * 1024 * 1024;
/** Bundles on their way at a time: one is being sent while the next is cut, and one more hides the round trip. */
const maxBundlesUnderWay = 3;
/** A file of up to this size is sent inside its commit. */
const maxCarriedBytes = 256 * 1024;
/** Smaller files have the finest level, whatever their last version had. [CH13] */
const oneLevelBytes = 16 * 1024 * 1024;

/** A content that can be committed, with the bytes that the server may not have yet. */
export interface SentContent {
  readonly content: CommittedContent;
  readonly carried: readonly PendingChunk[];
}

export interface PendingChunk extends ManifestChunk {
  readonly bytes: Uint8Array;
}

export interface SendOptions {
  readonly api: Pick<ApiClient, "metadata" | "missingChunks" | "uploadBundle">;
  readonly workspaceId: WorkspaceId;
  /** The file that this becomes a version of; undefined for a new one. */
  readonly replaces: EntryId | undefined;
  readonly signal: AbortSignal;
  /** Bytes that the server has from now on, whether they were sent or it had them before. */
  readonly onSent: (bytes: number) => void;
}

/** The file changed, or went away, while it was read. */
export class FileChangedError extends Error {
  override readonly name = "FileChangedError";
}

/** Cuts and hashes a file, and sends what the server lacks of it. Memory: a few bundles, whatever the file's size. */
export async function sendContent(file: File, options: SendOptions): Promise<SentContent> {
  const manifest: ManifestChunk[] = [];
  const sender = new BundleSender(options);
  const carriesItself = file.size <= maxCarriedBytes;
  const carried: PendingChunk[] = [];
  const level = await levelOf(file, options);
  for await (const { hash, sizeBytes, bytes } of chunkerOfThisFile().cutStream({
    pieces: read(file),
    level,
    hash: sha256,
  })) {
    options.signal.throwIfAborted();
    manifest.push({ hash, sizeBytes });
    const chunk = { hash, sizeBytes, bytes: bytes.slice() };
    if (carriesItself) carried.push(chunk);
    else await sender.add(chunk);
  }
  await sender.finish();
  const size = manifest.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (size !== file.size) throw new FileChangedError(`read ${size} of ${file.size} bytes`);
  return { content: contentOf(file, manifest), carried };
}

/** A file stays cut as it was, since at another level none of its chunks would be one that the server has. [CH13] */
async function levelOf({ size }: File, { api, replaces, signal }: SendOptions): Promise<Level> {
  if (replaces === undefined || size < oneLevelBytes) return chooseLevel(size);
  const before = await api.metadata({ fileId: replaces }, { signal }).catch((error: unknown) => {
    // Whether it can have a version is for the commit to say.
    if (error instanceof ProblemError) return undefined;
    throw error;
  });
  if (!before || before.chunk_sizes.length === 0) return chooseLevel(size);
  return chooseLevel(size, estimateLevel({ sizeBytes: before.size, chunkCount: before.chunk_sizes.length }));
}

/** A chunker cuts one file at a time, and several files are cut at once. */
const chunkerOfThisFile = (): Chunker => createChunker();

function contentOf(file: File, manifest: readonly ManifestChunk[]): CommittedContent {
  return {
    version_hash: versionHash(manifest, sha256Sync),
    size: file.size,
    chunks: encodeManifest(manifest).toBase64(),
    modified: new Date(file.lastModified).toISOString(),
    executable: false,
  };
}

/** A page can't tell an unreadable file from one that changed: the browser forbids reading on in both cases. */
async function* read(file: File): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of file.stream()) yield piece;
  } catch (cause) {
    throw new FileChangedError("the browser could not read on", { cause });
  }
}

class BundleSender {
  readonly #options: SendOptions;
  readonly #underWay = new Set<Promise<void>>();
  #bundle: PendingChunk[] = [];
  #bytes = 0;
  /** The first that a bundle met. */
  #failed: Promise<never> | undefined;

  constructor(options: SendOptions) {
    this.#options = options;
  }

  async add(chunk: PendingChunk): Promise<void> {
    this.#bundle.push(chunk);
    this.#bytes += chunk.sizeBytes;
    if (this.#bytes >= bundleBytes) await this.#flush();
  }

  async finish(): Promise<void> {
    await this.#flush();
    await Promise.all(this.#underWay);
    await this.#failed;
  }

  async #flush(): Promise<void> {
    await this.#failed;
    if (this.#bundle.length === 0) return;
    const sent = this.#send(this.#bundle);
    const sending: Promise<void> = sent
      // Whoever goes on to add or finish is told.
      .catch(() => {
        this.#failed ??= sent as Promise<never>;
      })
      .finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
    this.#bundle = [];
    this.#bytes = 0;
    if (this.#underWay.size >= maxBundlesUnderWay) await Promise.race(this.#underWay);
  }

  async #send(bundle: readonly PendingChunk[]): Promise<void> {
    const { api, workspaceId, signal, onSent } = this.#options;
    const { missing } = await api.missingChunks({ workspaceId, chunks: pack(bundle) }, { signal });
    const lacking = missing.flatMap((index) => bundle[index] ?? []);
    if (lacking.length > 0) {
      const pieces = lacking.map(({ bytes }) => bytes);
      await api.uploadBundle({ workspaceId, chunks: pack(lacking), pieces }, { signal });
    }
    onSent(bundle.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  }
}

export function pack(chunks: readonly ManifestChunk[]): string {
  return encodeManifest(chunks).toBase64();
}

import { decodeManifest, manifestSizeBytes } from "@satchel/chunking";
import { ProblemError, workspaceOfEntry, type ChunkHash, type EntryId, type VersionId } from "@satchel/protocol";
import { createHash } from "node:crypto";
import type { ChunkStore } from "../../storage/chunks/chunk-store.ts";
import type { PreviewedVersion, PreviewStore } from "../../storage/metadata/preview-store.ts";
import type { TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import type { ChunkTransfer } from "../chunks/chunk-transfer.ts";
import { readSpan, type Content, type ContentReference, type FileContent } from "../files/content.ts";
import { ProgramError } from "../sandbox/program-error.ts";
import type { drawPreviews } from "./draw-previews.ts";
import { createFewAtATime } from "./few-at-a-time.ts";
import { previewSizes, type PreviewSize } from "./preview-size.ts";
import { canPreview, lookedAtBytes, previewSourceOf, type PreviewSource } from "./preview-source.ts";

/** Drawn at once by one process for those who ask, and how many more may wait for that, of all and of one account. */
const bounds = { maxAtOnce: 2, maxWaiting: 128, maxWaitingEach: 32 };

export interface Preview {
  readonly versionId: VersionId;
  /** The picture as WebP; undefined where none can be made of the file. @throws unavailable when too many are being drawn */
  read(): Promise<Uint8Array | undefined>;
}

export interface Previews {
  /** Of the latest version, or of an old one. @throws not_found */
  open(caller: Caller, file: ContentReference & { readonly size: PreviewSize }): Promise<Preview>;
  /** Draws those of a file's latest version, unless they are there. Nothing happens where there is no such file any more. @throws ProgramError when a program took too long */
  prepare(fileId: EntryId, signal: AbortSignal): Promise<void>;
}

interface PreviewParts {
  readonly authorisation: Authorisation;
  readonly content: Content;
  readonly tree: TreeStore;
  readonly transfer: ChunkTransfer;
  readonly previews: PreviewStore;
  readonly chunks: ChunkStore;
  readonly draw: typeof drawPreviews;
}

/** Small pictures of files: drawn when somebody asks first, or before, and kept as long as their version. */
export function createPreviews(parts: PreviewParts): Previews {
  const { authorisation, content } = parts;
  const fewAtATime = createFewAtATime<ReadonlyMap<PreviewSize, Uint8Array>>(bounds);
  return {
    async open(caller, { id: reference, versionId, size }) {
      const id = await authorisation.requireEntry(caller, reference);
      const file = await content.open(caller, { id, versionId });
      const version = { workspaceId: workspaceOfEntry(id), entryId: id, versionId: file.versionId };
      return {
        versionId: file.versionId,
        async read() {
          const kept = await findKept(parts, version, size);
          if (kept !== "unknown") return kept;
          const source = sourceOf(file);
          if (!source) return undefined;
          const drawing = fewAtATime(file.versionId, caller.accountId, () =>
            drawAndKeep(parts, { version, file, source }),
          );
          return (await drawing.catch(orLater)).get(size);
        },
      };
    },
    async prepare(fileId, signal) {
      const file = await latestContent(parts, fileId);
      const source = file && sourceOf(file);
      if (!file || !source) return;
      const version = { workspaceId: workspaceOfEntry(fileId), entryId: fileId, versionId: file.versionId };
      if ((await findKept(parts, version, previewSizes[0])) !== "unknown") return;
      await drawAndKeep(parts, { version, file, source, signal });
    },
  };
}

/** Whoever asks for what took too long may ask again. */
function orLater(error: unknown): never {
  if (!(error instanceof ProgramError)) throw error;
  throw new ProblemError("unavailable", "the picture took too long to draw; ask again in a moment");
}

function sourceOf({ name, sizeBytes }: Pick<FileContent, "name" | "sizeBytes">): PreviewSource | undefined {
  const source = previewSourceOf(name);
  return source && sizeBytes > 0 && sizeBytes <= source.maxBytes && canPreview(source) ? source : undefined;
}

/** Undefined: none can be made. A chunk that was lost is unknown: it is drawn anew. */
async function findKept(
  { previews, chunks }: PreviewParts,
  version: PreviewedVersion,
  size: PreviewSize,
): Promise<Uint8Array | undefined | "unknown"> {
  const found = await previews.find(version, size);
  if (!found) return "unknown";
  if (found.chunk === null) return undefined;
  const [bytes] = await chunks.get([found.chunk]).catch(() => []);
  return bytes ?? "unknown";
}

interface Drawing {
  readonly version: PreviewedVersion;
  readonly file: FileContent;
  readonly source: PreviewSource;
  /** Of who draws ahead; left out where somebody waits. */
  readonly signal?: AbortSignal;
}

/** What can't be drawn isn't tried again, but where a busy machine may be to blame; where there is no program for it there is no picture, until there is one. */
async function drawAndKeep(
  { draw, previews, chunks }: PreviewParts,
  { version, file, source, signal }: Drawing,
): Promise<ReadonlyMap<PreviewSize, Uint8Array>> {
  try {
    if (!(await mayBeOne(source, file))) throw new ProgramError("refused", "it begins as something else");
    const drawn = await draw(
      source,
      file.read({ start: 0, end: file.sizeBytes }),
      signal && { signal, inBackground: true },
    );
    const kept = [...drawn].map(([size, bytes]) => ({ size, chunk: hashOf(bytes), bytes: Uint8Array.from(bytes) }));
    await chunks.put(kept.map(({ chunk: hash, bytes }) => ({ hash, bytes })));
    await previews.put(version, kept);
    return drawn;
  } catch (error) {
    if (!(error instanceof ProgramError) || error.failure === "too_long") throw error;
    signal?.throwIfAborted();
    if (error.failure === "missing") return new Map();
    await previews.put(
      version,
      previewSizes.map((size) => ({ size, chunk: null })),
    );
    return new Map();
  }
}

/** To look at its first bytes costs a hundredth of what a program does. */
async function mayBeOne({ mayBegin }: PreviewSource, file: FileContent): Promise<boolean> {
  if (!mayBegin) return true;
  const head = file.read({ start: 0, end: Math.min(lookedAtBytes, file.sizeBytes) });
  return mayBegin(Buffer.concat(await Array.fromAsync(head)));
}

async function latestContent({ tree, transfer }: PreviewParts, fileId: EntryId): Promise<FileContent | undefined> {
  const found = await tree.findEntry(fileId).catch((error: unknown) => {
    if (error instanceof ProblemError && error.code === "not_found") return undefined;
    throw error;
  });
  if (!found || found.entry.type !== "file" || found.entry.deleted || !found.entry.version_id) return undefined;
  const manifest = decodeManifest(found.packedChunks);
  return {
    name: found.entry.name,
    versionId: found.entry.version_id,
    sizeBytes: manifestSizeBytes(manifest),
    read: (span) => readSpan((hash) => transfer.read(workspaceOfEntry(fileId), [hash]), manifest, span),
  };
}

function hashOf(bytes: Uint8Array): ChunkHash {
  return createHash("sha256").update(bytes).digest("hex") as ChunkHash;
}

import { decodeManifest, manifestSizeBytes, type Manifest } from "@satchel/chunking";
import { ProblemError, workspaceOfEntry, type ChunkHash, type EntryId, type VersionId } from "@satchel/protocol";
import type { TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Host } from "../../host.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import type { ChunkTransfer } from "../chunks/chunk-transfer.ts";
import type { Quarantine } from "../malware/quarantine.ts";
import type { ServerKeys } from "../identity/server-keys.ts";
import {
  readContentUrl,
  signContentUrl,
  type ContentDisposition,
  type ContentUrlClaims,
  type ContentUrlQuery,
} from "./content-url.ts";

/** Which bytes of a content: from `start` up to, and without, `end`. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

export interface FileContent {
  readonly name: string;
  readonly versionId: VersionId;
  readonly sizeBytes: number;
  /** The bytes of the span, in order, read as they are taken: at most two chunks are in memory. */
  read(span: ByteSpan): AsyncGenerator<Uint8Array, void>;
}

export interface Content {
  /** Of the latest version, or of an old one. @throws not_found, content_quarantined */
  open(caller: Caller, file: ContentReference): Promise<FileContent>;
  /** An address for a program that can't send a token, such as a browser's downloads, pictures and players: path and query, good for some minutes. @throws not_found */
  signUrl(caller: Caller, file: ContentReference, disposition: ContentDisposition): Promise<string>;
  /** @throws url_expired */
  readUrl(url: { readonly fileId: EntryId; readonly query: ContentUrlQuery }): ContentUrlClaims;
}

/** A file in its latest version, or in an old one. */
export interface ContentReference {
  readonly id: EntryId;
  readonly versionId: VersionId | undefined;
}

interface ContentParts {
  readonly authorisation: Authorisation;
  readonly tree: TreeStore;
  readonly transfer: ChunkTransfer;
  readonly quarantine: Pick<Quarantine, "requireFreeVersions">;
  readonly keys: Pick<ServerKeys, "contentUrl">;
  readonly host: Host;
}

export function createContent(parts: ContentParts): Content {
  const { keys, host } = parts;
  return {
    open: (caller, file) => open(parts, caller, file),
    async signUrl(caller, file, disposition) {
      const { versionId } = await open(parts, caller, file);
      const claims = { fileId: file.id, versionId, deviceId: caller.deviceId, disposition };
      return signContentUrl(keys.contentUrl, claims, host.nowMs());
    },
    readUrl: (url) => readContentUrl(keys.contentUrl, url, host.nowMs()),
  };
}

async function open(
  { authorisation, tree, transfer, quarantine }: ContentParts,
  caller: Caller,
  { id: reference, versionId }: ContentReference,
): Promise<FileContent> {
  const id = await authorisation.requireEntry(caller, reference);
  const found = await tree.findEntry(id);
  const version = versionId ?? found?.entry.version_id;
  if (!version || (found && found.entry.type !== "file")) throw new ProblemError("not_found", "there is no such file");
  await quarantine.requireFreeVersions(workspaceOfEntry(id), [version]);
  const packed = version === found?.entry.version_id ? found.packedChunks : await oldManifest(tree, id, version);
  const name = found?.entry.name ?? (await tree.pathOf(id))?.split("/").at(-1) ?? "file";
  const manifest = decodeManifest(packed);
  return {
    name,
    versionId: version,
    sizeBytes: manifestSizeBytes(manifest),
    read: (span) => readSpan((hash) => transfer.read(workspaceOfEntry(id), [hash]), manifest, span),
  };
}

async function oldManifest(tree: TreeStore, id: EntryId, versionId: VersionId): Promise<Uint8Array> {
  const [packed] = await tree.manifests(workspaceOfEntry(id), [{ id, versionId }]);
  if (!packed) throw new ProblemError("not_found", "there is no such version");
  return packed;
}

type ReadChunk = (hash: ChunkHash) => Promise<Uint8Array[]>;

/** The bytes of a part of a content, in order. */
export async function* readSpan(
  readChunk: ReadChunk,
  manifest: Manifest,
  { start, end }: ByteSpan,
): AsyncGenerator<Uint8Array, void> {
  let offset = 0;
  const wanted = manifest.flatMap((chunk) => {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, chunk.sizeBytes);
    offset += chunk.sizeBytes;
    return from < to ? [{ hash: chunk.hash, from, to }] : [];
  });
  let next = wanted[0] && readAhead(readChunk, wanted[0]);
  for (let index = 0; next; index += 1) {
    const current: Promise<Uint8Array> = next;
    const following = wanted[index + 1];
    const bytes = await current;
    next = following && readAhead(readChunk, following);
    yield bytes;
  }
}

/** Starts to read; whoever awaits it is told of a failure, and nobody else when the reader went away. */
function readAhead(
  readChunk: ReadChunk,
  { hash, from, to }: { hash: ChunkHash; from: number; to: number },
): Promise<Uint8Array> {
  const read = readChunk(hash).then(([bytes]) => (bytes as Uint8Array).subarray(from, to));
  read.catch(() => undefined);
  return read;
}

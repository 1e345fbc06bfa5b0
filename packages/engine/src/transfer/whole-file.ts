import { createHash, hash as cryptoHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  chooseLevel,
  createChunker,
  decodeManifest,
  encodeManifest,
  versionHash,
  type ManifestChunk,
} from "@satchel/chunking";
import type { ChunkHash, CommittedContent } from "@satchel/protocol";
import { formatTimestamp } from "@satchel/protocol";
import { Buffer } from "node:buffer";
import { toUtimesSeconds } from "../disk/disk-stat.ts";
import type { NamedChunk, Server } from "../ports/server.ts";
import { groupBySize } from "./group-by-size.ts";

/** The most bytes held at one time, and asked for at one time. */
const maxGroupBytes = 8 * 1024 * 1024;

export interface WholeFileProgress {
  readonly onProgress?: (bytes: number) => void;
}

/** The file kept changing while it was read. */
export class FileChangesError extends Error {
  override readonly name = "FileChangesError";

  constructor(path: string) {
    super(`${path} changed while it was read; try again when nobody writes to it.`);
  }
}

/**
 * Sends a file that lies outside of any synced folder: cuts it, and uploads those chunks that the server is missing. Returns the content for a commit.
 * @throws FileChangesError, the file system's errors, and the api-client's
 */
export async function sendFile(
  server: Server,
  path: string,
  progress: WholeFileProgress = {},
): Promise<CommittedContent> {
  const descriptor = openSync(path, "r");
  try {
    const before = fstatSync(descriptor, { bigint: true });
    const manifest: ManifestChunk[] = [];
    let group: (NamedChunk & { bytes: Uint8Array })[] = [];
    let groupBytes = 0;
    const level = chooseLevel(Number(before.size));
    for (const { hash, sizeBytes, bytes } of createChunker().cutSync({
      read: (target) => readSync(descriptor, target),
      level,
      hash: sha256,
    })) {
      manifest.push({ hash, sizeBytes });
      group.push({ hash, sizeBytes, bytes: bytes.slice() });
      groupBytes += sizeBytes;
      progress.onProgress?.(sizeBytes);
      if (groupBytes < maxGroupBytes) continue;
      await sendMissing(server, group);
      group = [];
      groupBytes = 0;
    }
    if (group.length > 0) await sendMissing(server, group);
    const after = fstatSync(descriptor, { bigint: true });
    if (after.size !== before.size || after.mtimeNs !== before.mtimeNs || after.ctimeNs !== before.ctimeNs)
      throw new FileChangesError(path);
    return {
      version_hash: versionHash(manifest, sha256),
      size: Number(after.size),
      chunks: Buffer.from(encodeManifest(manifest)).toString("base64"),
      modified: formatTimestamp(Number(after.mtimeNs / 1_000_000n)),
      executable: (after.mode & 0o100n) !== 0n,
    };
  } finally {
    closeSync(descriptor);
  }
}

async function sendMissing(server: Server, group: readonly (NamedChunk & { bytes: Uint8Array })[]): Promise<void> {
  const missing = await server.missingChunks(group);
  const bundle = new Map(missing.flatMap((position) => group[position] ?? []).map((chunk) => [chunk.hash, chunk]));
  if (bundle.size > 0) await server.uploadChunks([...bundle.values()]);
}

/**
 * Brings a version to a path outside of any synced folder: complete and verified, or not at all.
 * @throws WrongBytesError, the file system's errors, and the api-client's
 */
export async function receiveFile(
  server: Server,
  version: { packedChunks: Uint8Array; modifiedMs: number; executable: boolean },
  path: string,
  progress: WholeFileProgress = {},
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${process.pid}.satchel-part`);
  const file = await open(temporary, "wx", version.executable ? 0o777 : 0o666);
  try {
    for (const group of groupBySize(decodeManifest(version.packedChunks), ({ sizeBytes }) => sizeBytes, {
      maxBytes: maxGroupBytes,
    })) {
      const pieces = await server.downloadChunks(group);
      for (const [index, chunk] of group.entries()) {
        const bytes = pieces[index];
        if (!bytes || createHash("sha256").update(bytes).digest("hex") !== chunk.hash) throw new WrongBytesError(path);
        await file.write(bytes);
        progress.onProgress?.(bytes.length);
      }
    }
    const seconds = toUtimesSeconds(version.modifiedMs);
    await file.utimes(seconds, seconds);
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}

/** What the server sent is not what the version consists of. */
export class WrongBytesError extends Error {
  override readonly name = "WrongBytesError";

  constructor(path: string) {
    super(
      `The server sent other bytes than ${path} consists of; nothing was written. Run 'satchel admin check' on the server.`,
    );
  }
}

function sha256(bytes: Uint8Array): ChunkHash {
  return cryptoHash("sha256", bytes) as ChunkHash;
}

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chooseLevel, createChunker, encodeManifest, versionHash, type ManifestChunk } from "@satchel/chunking";
import type { ChunkHash } from "@satchel/protocol";
import { DiskError, type Disk, type DiskErrorCode, type ScannedFolder } from "../../ports/disk.ts";
import type { VirtualEntry } from "../virtual/virtual-file-system.ts";

/** A person at the same folder. */
export interface ContractUser {
  writeFile(path: string, bytes: Uint8Array): void;
  replaceFile(path: string, bytes: Uint8Array): void;
  makeFolder(path: string): void;
  symlink(target: string, path: string): void;
  link(from: string, to: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  setExecutable(path: string, executable: boolean): void;
  setModified(path: string, modifiedMs: number): void;
  readFile(path: string): Uint8Array;
  snapshot(): Map<string, VirtualEntry>;
}

export interface ContractFixture {
  readonly disk: Disk;
  readonly user: ContractUser;
  /** A disk on the same folder, as the next run of the program opens it. */
  reopen(): Disk;
  close(): Promise<void>;
}

/** What a test works with; asked for in the test, because each has a fresh one. */
export type Get = () => { disk: Disk; user: ContractUser };

export const text = (words: string): Uint8Array => new TextEncoder().encode(words);
export const sha256 = (bytes: Uint8Array): ChunkHash => createHash("sha256").update(bytes).digest("hex") as ChunkHash;

/** The chunks of a content, found without the disk under test. */
export function cut(bytes: Uint8Array): (ManifestChunk & { offset: number })[] {
  let at = 0;
  const read = (target: Uint8Array): number => {
    const part = bytes.subarray(at, at + target.length);
    target.set(part);
    at += part.length;
    return part.length;
  };
  const chunks = createChunker().cutSync({ read, level: chooseLevel(bytes.length), hash: sha256 });
  return chunks.map(({ hash, sizeBytes, offset }) => ({ hash, sizeBytes, offset })).toArray();
}

export function contentOf(bytes: Uint8Array, modifiedMs = 1_700_000_000_123, executable = false) {
  const manifest = cut(bytes);
  return {
    bytes: bytes.slice(),
    versionHash: versionHash(manifest, sha256),
    packedChunks: encodeManifest(manifest),
    modifiedMs,
    executable,
  };
}

export async function fails(work: Promise<unknown>, code: DiskErrorCode): Promise<void> {
  await assert.rejects(work, (error) => error instanceof DiskError && error.code === code);
}

export async function listAll(disk: Disk, path = ""): Promise<Map<string, ScannedFolder>> {
  const folders = new Map<string, ScannedFolder>();
  for await (const folder of disk.scan(path, { recursive: true })) folders.set(folder.path, folder);
  return folders;
}

export async function temporaryOf(disk: Disk, bytes: Uint8Array, executable = false) {
  const [file] = await disk.writer.writeSmall([contentOf(bytes, undefined, executable)]);
  assert.ok(file !== undefined && !(file instanceof DiskError));
  return file;
}

export async function fingerprintOf(disk: Disk, path: string): Promise<string> {
  const stat = await disk.stat(path);
  assert.ok(stat !== undefined);
  return stat.fingerprint;
}

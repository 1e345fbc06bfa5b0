import { DiskError, type ContentWriter, type Piece, type TemporaryFile } from "../../ports/disk.ts";
import { isContentOf } from "../jobs/is-content-of.ts";
import { sha256 } from "../jobs/open-chunker.ts";
import { joinPath, partSuffix, temporaryFolder } from "../own-folder.ts";
import type { VirtualDiskHook } from "./virtual-disk.ts";
import { mustBeFile, type VirtualFileSystem } from "./virtual-file-system.ts";
import { isFile, statOf, type FileNode } from "./virtual-node.ts";

type Assembly = Parameters<ContentWriter["assemble"]>[0];
type SmallFile = Parameters<ContentWriter["writeSmall"]>[0][number];

export function virtualWriter(files: VirtualFileSystem, step: VirtualDiskHook): ContentWriter {
  const inUse = new Set<string>();

  async function writeSmall(file: SmallFile): Promise<TemporaryFile | DiskError> {
    const path = freeName(files);
    try {
      if (!isContentOf(file))
        throw new DiskError("corrupt", path, "the bytes don't have the hashes that were promised");
      await step("writeSmall", path);
      const node = files.newFile(file.bytes, file.executable);
      files.tree.put(path, node);
      // Between writing and syncing a crash finds it torn.
      await step("writeSmall", path);
      return finish(node, path, file.modifiedMs);
    } catch (error) {
      if (error instanceof DiskError) return error;
      throw error;
    }
  }

  function finish(node: FileNode, path: string, modifiedMs: number): TemporaryFile {
    node.modifiedNs = BigInt(modifiedMs) * 1_000_000n;
    files.tree.changed(path, node);
    node.body.durableBytes = node.body.bytes;
    return { path, stat: statOf(node) };
  }

  return {
    async writeSmall(contents) {
      const outcomes: (TemporaryFile | DiskError)[] = [];
      for (const content of contents) outcomes.push(await writeSmall(content));
      return outcomes;
    },

    async assemble(file) {
      const part = freePart(file.resumeKey, inUse);
      inUse.add(part);
      try {
        await step("assemble", part);
        const node = openPart(files, part, file);
        await fillPart({ files, step, part, node, file });
        await step("assemble", part);
        node.mode = file.executable ? 0o755 : 0o644;
        const path = freeName(files);
        files.tree.move(part, path);
        return finish(node, path, file.modifiedMs);
      } finally {
        inUse.delete(part);
      }
    },
  };
}

/** The part of that key. A second file of the same key that is put together meanwhile has one of its own. */
function freePart(resumeKey: string, inUse: ReadonlySet<string>): string {
  const name = joinPath(temporaryFolder, encodeURIComponent(resumeKey));
  let part = name + partSuffix;
  for (let nth = 2; inUse.has(part); nth += 1) part = `${name}.${nth}${partSuffix}`;
  return part;
}

/** An earlier run's part, cut or grown to size, or a new one. */
function openPart(files: VirtualFileSystem, part: string, { pieces }: Assembly): FileNode {
  const bytes = new Uint8Array(pieces.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const existing = files.tree.find(part);
  if (existing === undefined) {
    files.tree.put(part, files.newFile(bytes));
    return mustBeFile(files.tree.get(part), part);
  }
  const node = mustBeFile(existing, part);
  bytes.set(node.body.bytes.subarray(0, bytes.length));
  files.write(part, node, bytes);
  return node;
}

async function fillPart(options: {
  files: VirtualFileSystem;
  step: VirtualDiskHook;
  part: string;
  node: FileNode;
  file: Assembly;
}): Promise<void> {
  const { files, step, part, node, file } = options;
  let at = 0;
  for (const piece of file.pieces) {
    await step("assemble", part);
    file.signal?.throwIfAborted();
    const there = node.body.bytes.subarray(at, at + piece.sizeBytes);
    if (sha256(there) !== piece.hash) {
      const bytes = findLocally(files, piece) ?? (await fetchPiece(file, piece, part));
      await step("assemble", part);
      // In place, unlike all other writes: nobody else has a part open, and a copy for each piece would take for ever.
      node.body.bytes.set(bytes, at);
    }
    file.onProgress?.(piece.sizeBytes);
    at += piece.sizeBytes;
  }
}

function findLocally(files: VirtualFileSystem, { source, sizeBytes, hash }: Piece): Uint8Array | undefined {
  if (source.from === "server") return undefined;
  const node = files.tree.find(source.path);
  if (node === undefined || !isFile(node)) return undefined;
  const bytes = node.body.bytes.subarray(source.offset, source.offset + sizeBytes);
  return sha256(bytes) === hash ? bytes : undefined;
}

async function fetchPiece(file: Assembly, piece: Piece, part: string): Promise<Uint8Array> {
  const [bytes] = await file.fetch([piece]);
  if (bytes !== undefined && sha256(bytes) === piece.hash) return bytes;
  throw new DiskError("corrupt", part, "the server sent other bytes than were asked for");
}

function freeName(files: VirtualFileSystem): string {
  return joinPath(temporaryFolder, `${files.tree.tick()}.tmp`);
}

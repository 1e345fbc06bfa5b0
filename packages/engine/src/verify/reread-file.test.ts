import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeManifest } from "@satchel/chunking";
import type { VersionHash } from "@satchel/protocol";
import { entryId, localLike, openState, remoteFile } from "../books/record.fixture.ts";
import { openVirtualDisk } from "../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../disk/virtual/virtual-file-system.ts";
import type { CutFile, FileChunk } from "../ports/disk.ts";
import type { Server } from "../ports/server.ts";
import { ManifestStore } from "../state/manifest-store.ts";
import type { LocalRecord } from "../state/state-store.ts";
import { rereadFile } from "./reread-file.ts";

/** A folder with one file, of which the books know what it was when it was read. */
async function openFile(bytes: Uint8Array, manifests: "kept" | "asked for" | "nowhere") {
  const files = new VirtualFileSystem({ nowNs: () => 1_000_000n });
  files.mount();
  const disk = openVirtualDisk(files);
  await disk.prepareRoot("marker");
  files.writeFile("file", bytes);
  const state = openState();
  const store = new ManifestStore(state.database);
  const chunks: FileChunk[] = [];
  const onChunks = async (found: readonly FileChunk[]): Promise<void> => void chunks.push(...found);
  const { versionHash, stat }: CutFile = await disk.reader.cut("file", { previousSizeBytes: null, onChunks });
  const packed = encodeManifest(chunks);
  if (manifests === "kept") store.keep(versionHash, packed);
  const remote = remoteFile(entryId(1), "file", versionHash);
  state.remote.put(remote);
  const { inode, fingerprint, sizeBytes } = stat;
  const record: LocalRecord = { ...localLike(remote), inode, fingerprint, sizeBytes };
  state.local.put(record);
  const server = { manifests: async () => [manifests === "asked for" ? packed : undefined] } as unknown as Server;
  return { record, chunks: chunks.length, files, context: { state, disk, manifests: store, server } };
}

const small = new TextEncoder().encode("a few bytes");
const large = new Uint8Array(6_000_000).map((_, index) => (index * 2654435761) >>> 13);

test("[EN75] a file that is what it was is whole, with its chunk list at hand or asked for", async () => {
  const one = await openFile(small, "nowhere");
  assert.equal(await rereadFile(one.context, one.record), true);
  const empty = await openFile(new Uint8Array(), "nowhere");
  assert.equal(await rereadFile(empty.context, empty.record), true);
  for (const manifests of ["kept", "asked for"] as const) {
    const many = await openFile(large, manifests);
    assert.ok(many.chunks > 1);
    assert.equal(await rereadFile(many.context, many.record), true);
  }
});

test("[EN75] bytes that changed while nothing else says so are damaged", async () => {
  for (const bytes of [small, large]) {
    const { context, record } = await openFile(bytes, "nowhere");
    const other = await openFile(
      bytes.map((byte) => byte ^ 1),
      "asked for",
    );
    // What the books tell is of other bytes than those that are there.
    const { server } = other.context;
    const told = { ...record, contentHash: other.record.contentHash as VersionHash };
    context.state.remote.put(remoteFile(record.id, "file", told.contentHash));
    assert.equal(await rereadFile({ ...context, server }, told), false);
  }
});

test("[EN75] of a file that somebody changes meanwhile, or whose chunk list is nowhere, nothing is said", async () => {
  const changed = await openFile(large, "kept");
  changed.files.writeFile(
    "file",
    large.map((byte) => byte ^ 1),
  );
  assert.equal(await rereadFile(changed.context, changed.record), undefined);
  const unknown = await openFile(large, "nowhere");
  assert.equal(await rereadFile(unknown.context, unknown.record), undefined);
  const gone = await openFile(small, "nowhere");
  gone.files.remove("file");
  assert.equal(await rereadFile(gone.context, gone.record), undefined);
});

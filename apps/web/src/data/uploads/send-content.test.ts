import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import { test } from "node:test";
import { createChunker, decodeManifest, manifestSizeBytes, type Manifest } from "@satchel/chunking";
import { idPartBytes, makeEntryId, type Metadata, type WorkspaceId } from "@satchel/protocol";
import { sha256 } from "./sha256.ts";
import { sendContent, type SendOptions } from "./send-content.ts";

const workspaceId = "w_0" as WorkspaceId;
const fileId = makeEntryId(workspaceId, new Uint8Array(idPartBytes));
const fileBytes = 17 * 1024 * 1024;
/** Of level 1, which a file has that was longer once; this length alone would have level 0. */
const maxChunkBytes = 512 * 1024;

/** A server that has a file, cut so, and keeps what it is sent. */
function startServer(manifest: Manifest) {
  const kept = new Set(manifest.map(({ hash }) => hash));
  const sent = { bytes: 0 };
  const version = { size: manifestSizeBytes(manifest), chunk_sizes: manifest.map(({ sizeBytes }) => sizeBytes) };
  const api: SendOptions["api"] = {
    metadata: async () => version as Metadata,
    missingChunks: async ({ chunks }) => ({
      missing: unpack(chunks).flatMap(({ hash }, index) => (kept.has(hash) ? [] : [index])),
    }),
    uploadBundle: async ({ chunks, pieces }) => {
      for (const { hash } of unpack(chunks)) kept.add(hash);
      sent.bytes += pieces.reduce((sum, { length }) => sum + length, 0);
      return { stored: pieces.length };
    },
  };
  return { api, sent };
}

function unpack(chunks: string): Manifest {
  return decodeManifest(Uint8Array.fromBase64(chunks));
}

/** Bytes that don't repeat, the same each time. */
function noise(): Uint8Array<ArrayBuffer> {
  const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16));
  return Uint8Array.from(cipher.update(Buffer.alloc(fileBytes)));
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

test("[WB62] [CH13] of a changed file that is dropped again only the chunks around the change are sent, also where its length alone would cut it another way", async () => {
  const original = noise();
  const brought = createChunker().cutStream({ pieces: inOnePiece(original), level: 1, hash: sha256 });
  const { api, sent } = startServer(await Array.fromAsync(brought, ({ hash, sizeBytes }) => ({ hash, sizeBytes })));
  const middle = fileBytes / 2;
  const changed = new File([original.subarray(0, middle), new Uint8Array(1000), original.subarray(middle)], "a.bin");
  let toldBytes = 0;
  const { content } = await sendContent(changed, {
    api,
    workspaceId,
    replaces: fileId,
    signal: new AbortController().signal,
    onSent: (bytes) => {
      toldBytes += bytes;
    },
  });
  assert.equal(content.size, fileBytes + 1000);
  assert.equal(toldBytes, fileBytes + 1000, "the panel counts what the server had, too");
  assert.ok(sent.bytes >= 1000 && sent.bytes <= 3 * maxChunkBytes, `${sent.bytes} bytes were sent for 1000`);
});

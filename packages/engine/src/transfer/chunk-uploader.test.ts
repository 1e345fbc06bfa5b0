import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChunkHash } from "@satchel/protocol";
import type { Disk, FileChunk } from "../ports/disk.ts";
import type { Server } from "../ports/server.ts";
import { ChunkUploader } from "./chunk-uploader.ts";
import { TransferMeter } from "./transfer-meter.ts";

const mebibyte = 1024 * 1024;

test("[EN133] 9 MiB of a file at most are on their way, and all of it arrives", async () => {
  const chunks = Array.from({ length: 200 }, (_, nth): FileChunk => ({
    hash: `chunk ${nth}` as ChunkHash,
    sizeBytes: mebibyte,
    offset: nth * mebibyte,
  }));
  let [onTheirWay, most] = [0, 0];
  const arrived = new Set<ChunkHash>();
  const server: Pick<Server, "missingChunks" | "uploadChunks"> = {
    missingChunks: (asked) => Promise.resolve(asked.map((_, position) => position)),
    async uploadChunks(bundle) {
      onTheirWay += bundle.length;
      most = Math.max(most, onTheirWay);
      await new Promise(setImmediate);
      onTheirWay -= bundle.length;
      for (const { hash } of bundle) arrived.add(hash);
    },
  };
  const readChunks: Disk["reader"]["readChunks"] = (_path, asked) =>
    Promise.resolve(asked.map(() => new Uint8Array(0)));
  const disk = { reader: { readChunks } } as unknown as Disk;
  const uploader = new ChunkUploader({ disk, server: server as Server, meter: new TransferMeter() }, "file");
  for (let from = 0; from < chunks.length; from += 30) await uploader.offer(chunks.slice(from, from + 30));
  await uploader.finish();
  assert.equal(most, 9);
  assert.equal(arrived.size, chunks.length);
});

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { WorkspaceId } from "@satchel/protocol";
import { storeStream } from "./store-stream.ts";

test("[WD8] a file of more chunks than a manifest holds is refused while it comes", async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield randomBytes(256 * 1024);
  }
  const stored = storeStream({ store: async () => {} }, "workspace" as WorkspaceId, {
    pieces: endless(),
    sizeBytes: 0,
    maxChunks: 3,
  });
  await assert.rejects(stored, { code: "body_too_large" });
});

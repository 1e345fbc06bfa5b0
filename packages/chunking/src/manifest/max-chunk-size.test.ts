import assert from "node:assert/strict";
import { test } from "node:test";
import { maxChunkSizeBytes as protocolMaximum } from "@satchel/protocol";
import { maxChunkSizeBytes } from "./max-chunk-size.ts";

test("[CH15] the largest chunk is the protocol's", () => {
  assert.equal(maxChunkSizeBytes, protocolMaximum);
});

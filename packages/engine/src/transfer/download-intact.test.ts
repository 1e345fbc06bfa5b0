import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ChunkHash } from "@satchel/protocol";
import { ProblemError } from "@satchel/protocol";
import type { NamedChunk } from "../ports/server.ts";
import { downloadIntact } from "./download-intact.ts";

const chunk = (number: number): NamedChunk => ({ hash: `${number}` as ChunkHash, sizeBytes: 1 });

test("[EN90] damaged chunks keep none of the others away, and cost few questions", async () => {
  const lists = fc.array(fc.boolean(), { minLength: 1, maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(lists, async (isDamaged) => {
      let questions = 0;
      const server = {
        downloadChunks: async (chunks: readonly NamedChunk[]) => {
          questions += 1;
          if (chunks.some(({ hash }) => isDamaged[Number(hash)])) throw new ProblemError("content_damaged");
          return chunks.map(({ hash }) => new Uint8Array([Number(hash)]));
        },
      };
      const found = await downloadIntact(
        server,
        isDamaged.map((_, number) => chunk(number)),
      );
      assert.deepEqual(
        found.map((bytes) => (typeof bytes === "string" ? bytes : bytes[0])),
        isDamaged.map((damaged, number) => (damaged ? "damaged" : number)),
      );
      const damaged = isDamaged.filter(Boolean).length;
      assert.ok(questions <= 1 + 2 * damaged * Math.ceil(Math.log2(isDamaged.length) + 1), `${questions} questions`);
    }),
  );
});

test("[WK45] a chunk that is held on the server keeps none of the others away", async () => {
  const server = {
    downloadChunks: async (chunks: readonly NamedChunk[]) => {
      if (chunks.some(({ hash }) => hash === chunk(2).hash)) throw new ProblemError("content_quarantined");
      return chunks.map(() => new Uint8Array(1));
    },
  };
  const found = await downloadIntact(server, [1, 2, 3].map(chunk));
  assert.deepEqual(
    found.map((bytes) => (typeof bytes === "string" ? bytes : bytes.length)),
    [1, "quarantined", 1],
  );
});

test("[EN90] other refusals are the caller's", async () => {
  const server = { downloadChunks: () => Promise.reject(new ProblemError("not_found")) };
  await assert.rejects(downloadIntact(server, [chunk(1), chunk(2)]), { code: "not_found" });
});

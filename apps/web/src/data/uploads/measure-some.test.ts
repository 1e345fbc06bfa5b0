import assert from "node:assert/strict";
import { test } from "node:test";
import { idPartBytes, makeEntryId, type WorkspaceId } from "@satchel/protocol";
import { measureSome } from "./measure-some.ts";
import type { WantedUpload } from "./upload-queue.ts";

const id = makeEntryId("w_0" as WorkspaceId, new Uint8Array(idPartBytes));

/** A file that tells its size after a while. */
function slowFile(tookMs: number): File {
  return Object.defineProperty(new File(["text"], "a.txt"), "size", {
    get() {
      const endsMs = performance.now() + tookMs;
      while (performance.now() < endsMs);
      return 4;
    },
  });
}

function wanted(count: number, tookMs: number): WantedUpload[] {
  const target = { kind: "create", id, parentId: id, name: "a.txt" } as const;
  return Array.from({ length: count }, () => ({ file: slowFile(tookMs), name: "a.txt", folderId: id, target }));
}

test("[WB16] files are asked for their sizes a few at a time, and one by one where each answers late", () => {
  assert.equal(measureSome(wanted(3, 20), 0).length, 1);
  assert.ok(measureSome(wanted(200, 0), 100).length <= 50);
  assert.deepEqual(
    measureSome(wanted(3, 0), 2).map(({ sizeBytes }) => sizeBytes),
    [4],
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { isTooLarge, previewKindOf } from "./preview-kind.ts";

test("[WB8] how a file is shown goes by its name's end, and what isn't known may be text", () => {
  const kindOf = (name: string) => previewKindOf({ name, type: "file" });
  assert.deepEqual(["a.JPG", "b.svg", "c.heic", "d.mp4"].map(kindOf), ["image", "image", "later", "video"]);
  assert.deepEqual(["a.tar.gz", "b.tgz", "c.gz", "d.zip"].map(kindOf), ["tar", "tar", "none", "zip"]);
  assert.deepEqual(["Makefile", "a.rs", "README", ".png"].map(kindOf), ["text", "text", "text", "text"]);
  assert.equal(previewKindOf({ name: "a.png", type: "folder" }), "none");
  assert.ok(isTooLarge("image", 200_000_000) && !isTooLarge("video", 200_000_000));
});

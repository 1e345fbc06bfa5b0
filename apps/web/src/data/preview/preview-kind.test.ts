import assert from "node:assert/strict";
import { test } from "node:test";
import { canZoom, isTooLarge, previewKindOf } from "./preview-kind.ts";

test("[WB8] how a file is shown goes by its name's end, and what isn't known may be text", () => {
  const kindOf = (name: string) => previewKindOf({ name, type: "file" });
  assert.deepEqual(["a.JPG", "b.svg", "c.heic", "d.mp4"].map(kindOf), ["image", "image", "drawn", "video"]);
  assert.deepEqual(["a.tar.gz", "b.tgz", "c.gz", "d.zip"].map(kindOf), ["tar", "tar", "none", "zip"]);
  assert.deepEqual(["Makefile", "a.rs", "README", ".png"].map(kindOf), ["text", "text", "text", "text"]);
  assert.equal(previewKindOf({ name: "a.png", type: "folder" }), "none");
  assert.deepEqual(["a.mkv", "b.CR2", "c.psd"].map(kindOf), ["drawn", "drawn", "none"]);
  assert.ok(canZoom("drawn", 1e9) && !canZoom("pdf", 1e9) && !canZoom("text", 1));
  assert.ok(isTooLarge("image", 200_000_000) && !isTooLarge("video", 200_000_000));
});

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { openInThreadMetadataStore } from "../../metadata/sqlite/open-in-thread.ts";
import { chunkOf } from "../chunk-store.contract.ts";
import { isOwnBucket } from "./is-own-bucket.ts";
import { memoryObjectStore } from "./memory-object-store.fixture.ts";
import { ObjectChunkStore } from "./object-chunk-store.ts";

test("[CS52] a bucket that has nothing of what should be there is another one; what is known to be lost, and silence, tell nothing", async () => {
  const metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  const { places } = metadata;
  const objects = memoryObjectStore();
  const another = memoryObjectStore();
  assert.equal(await isOwnBucket({ objects: another, places }), true, "nothing was ever stored");

  const store = new ObjectChunkStore({ objects, places, now: () => 1000 });
  const chunks = ["a", "b", "c"].map((text) => chunkOf(text));
  // One by one, so that each has an object of its own.
  for (const chunk of chunks) await store.put([chunk]);
  assert.equal(await isOwnBucket({ objects, places }), true);
  assert.equal(await isOwnBucket({ objects: another, places }), false);
  another.failing.add("look");
  assert.equal(await isOwnBucket({ objects: another, places }), true, "it does not answer");
  another.failing.clear();

  const [kept, ...lost] = [...objects.objects.keys()];
  assert.ok(kept !== undefined && lost.length > 0);
  await objects.remove(lost);
  assert.equal(await isOwnBucket({ objects, places }), true, "something is there");

  for (const { hash } of chunks) {
    const [place] = await places.find([hash], "");
    assert.ok(place);
    await places.markDamaged({ hash, objectKey: place.objectKey });
  }
  assert.equal(await isOwnBucket({ objects: another, places }), true, "all of it is known to be lost");
  await store.close();
  await metadata.close();
});

import { availableParallelism } from "node:os";
import sharp from "sharp";
import { drawPreviews } from "./draw-previews.ts";
import { previewSourceOf } from "./preview-source.ts";

/**
 * `npm run bench:previews`: photos of 12 million pixels, each drawn in both sizes by a process of its own, one at a time and as many at a time as there are processors.
 */
const photos = 40;
const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
const photo = await sharp({ create: { width: 4000, height: 3000, channels: 3, background: "grey", noise } })
  .blur(3)
  .jpeg({ quality: 90 })
  .toBuffer();
const source = previewSourceOf("photo.jpg");
if (!source) throw new Error("there is no way to draw photos");

async function* content(): AsyncGenerator<Uint8Array> {
  yield photo;
}

for (const atOnce of new Set([1, availableParallelism()])) {
  let left = photos;
  const draw = async (): Promise<void> => {
    while ((left -= 1) >= 0) await drawPreviews(source, content());
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: atOnce }, draw));
  const seconds = (performance.now() - start) / 1000;
  const each = `${(photo.length / 2 ** 20).toFixed(1)} MiB`;
  console.log(`${photos} photos of ${each}, ${atOnce} at a time: ${(photos / seconds).toFixed(1)} a second`);
}

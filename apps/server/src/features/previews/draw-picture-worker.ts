import { writeSync } from "node:fs";
import sharp, { type Sharp } from "sharp";

/**
 * A program of its own, for one picture: draws it in the sizes that are asked for, each as WebP, and puts them out, each behind its length in four bytes. Nothing of the original but what can be seen goes along: no place, no camera, no names.
 * Words: the picture's path, then the sizes in pixels, the largest first.
 */
const [path = "", ...sizes] = process.argv.slice(2);

/** Some 400 MB once unpacked; what claims to be more is a bomb, or nothing to look at in a list. */
const maxPixels = 100_000_000;
const quality = 78;

// What a file is, its bytes say: of all that the library could read, only what people have is read.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["Jpeg", "Png", "Webp", "Nsgif", "Heif", "Tiff", "Svg"].flatMap((format) =>
    ["File", "Buffer"].map((from) => `VipsForeignLoad${format}${from}`),
  ),
});
sharp.concurrency(1);
sharp.cache(false);
let source: Sharp = sharp(path, {
  limitInputPixels: maxPixels,
  failOn: "error",
  sequentialRead: true,
}).autoOrient();
for (const size of sizes.map(Number)) {
  const picture = await source
    .resize({ width: size, height: size, fit: "inside", withoutEnlargement: true })
    .webp({ quality, effort: 3 })
    .toBuffer();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(picture.length);
  writeAll(Buffer.concat([length, picture]));
  // The next one is smaller: it is drawn from this one, which costs little.
  source = sharp(picture);
}

/** A pipe takes what it has room for. */
function writeAll(bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length;) offset += writeSync(1, bytes, offset);
}

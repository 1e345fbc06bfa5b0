import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test, type TestContext } from "node:test";
import { crc32 } from "node:zlib";
import { workspaceOfEntry, type EntryId } from "@satchel/protocol";
import { goesWithout, temporaryDirectory } from "@satchel/testkit";
import sharp from "sharp";
import { contentOf, startTestServer, type TestDevice } from "../../http/test-server.fixture.ts";
import { ProgramError } from "../sandbox/program-error.ts";
import { drawPreviews } from "./draw-previews.ts";
import { previewSourceOf } from "./preview-source.ts";
import { previewTasks } from "./preview-tasks.ts";

/** A white picture, black on its left, lying on its side, with words that nobody else is to read. */
function photo(): Promise<Buffer> {
  const black = { create: { width: 300, height: 400, channels: 3, background: "black" } } as const;
  return sharp({ create: { width: 600, height: 400, channels: 3, background: "white" } })
    .composite([{ input: black, left: 0, top: 0 }])
    .withExif({ IFD0: { Copyright: "a secret place" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
}

/** Some hundred bytes that claim to be a picture of 900 million pixels. */
async function bomb(): Promise<Buffer> {
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: "white" } })
    .png()
    .toBuffer();
  // Behind eight bytes comes the header: its length, its name, width and height, five bytes more, and a checksum of all but the length.
  png.writeUInt32BE(30_000, 16);
  png.writeUInt32BE(30_000, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

async function ownFormat(): Promise<Uint8Array> {
  const folder = await temporaryDirectory("own");
  try {
    await sharp({ create: { width: 8, height: 8, channels: 3, background: "white" } }).toFile(folder.join("own.v"));
    return await readFile(folder.join("own.v"));
  } finally {
    await folder.remove();
  }
}

async function put(device: TestDevice, name: string, bytes: Uint8Array): Promise<EntryId> {
  const id = device.newId();
  const content = contentOf([bytes]);
  const { results } = await device.commit([{ op: "create_file", id, parent_id: device.root, name, content }], [bytes]);
  assert.equal(results[0]?.status, "done", JSON.stringify(results));
  return id;
}

const path = (id: EntryId, size = 256): string => `/v1/files/thumbnail?file_id=${id}&size=${size}`;

async function start(t: TestContext) {
  const server = await startTestServer(t);
  return { server, ann: await server.signUp("ann") };
}

test("[WK30] [WK31] a picture is shown small, upright and without what was written into it; once drawn it is kept, and shown to nobody else", async (t) => {
  const { server, ann } = await start(t);
  const id = await put(ann, "photo.JPG", await photo());
  const answer = await ann.get(path(id));
  assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "image/webp"]);
  assert.equal(answer.headers.get("cache-control"), "private, no-cache");
  const drawn = sharp(answer.bytes);
  const { width, height, format, exif } = await drawn.metadata();
  assert.deepEqual([width, height, format, exif], [171, 256, "webp", undefined]);
  // What was on the left is on top.
  const { data, info } = await drawn.raw().toBuffer({ resolveWithObject: true });
  const grey = (y: number): number => data[(y * info.width + 80) * info.channels] ?? -1;
  assert.ok(grey(20) < 40 && grey(235) > 215, `${grey(20)} above, ${grey(235)} below`);
  const etag = answer.headers.get("etag") ?? "";
  assert.equal((await ann.get(path(id), { "if-none-match": etag })).status, 304);
  // Both sizes are there, and nothing is drawn any more.
  const { version_id: versionId } = (await server.metadata.tree.findEntry(id))?.entry ?? {};
  assert.ok(versionId);
  const version = { workspaceId: workspaceOfEntry(id), entryId: id, versionId };
  for (const size of [256, 1024]) assert.ok((await server.metadata.previews.find(version, size))?.chunk);
  const bob = await server.signUp("bob");
  const refused = await bob.get(path(id));
  assert.deepEqual([refused.status, refused.body.code], [404, "not_found"]);
});

test("[WK32] what is no picture, claims to be a huge one or is a text has none, and that is remembered", async (t) => {
  const { server, ann } = await start(t);
  const files = {
    "broken.jpg": Buffer.from("not a picture"),
    "bomb.png": await bomb(),
    // The library's own format, which it would read whatever it is called.
    "own.png": await ownFormat(),
    "bomb.svg": Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="90000" height="90000"/>'),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const id = await put(ann, name, bytes);
    const answer = await ann.get(path(id));
    assert.deepEqual([answer.status, answer.headers.get("etag")], [204, null], name);
    const { version_id: versionId } = (await server.metadata.tree.findEntry(id))?.entry ?? {};
    assert.ok(versionId);
    const version = { workspaceId: workspaceOfEntry(id), entryId: id, versionId };
    assert.deepEqual(await server.metadata.previews.find(version, 1024), { chunk: null }, name);
  }
  const { id: text } = await ann.putFile("a.txt", "text");
  assert.equal((await ann.get(path(text))).status, 204);
});

test("[WK33] pictures are drawn before anybody asks, by a task for each file that has one", async (t) => {
  const { server, ann } = await start(t);
  const id = await put(ann, "photo.jpg", await photo());
  const kind = previewTasks(server.core.previews);
  const { entry } = (await server.metadata.tree.findEntry(id)) ?? {};
  assert.ok(entry?.version_id);
  assert.equal(kind.keyOf?.(entry), id);
  assert.equal(kind.keyOf?.({ ...entry, name: "photo.txt" }), undefined);
  assert.equal(kind.keyOf?.({ ...entry, deleted: true }), undefined);
  const task = { workspaceId: workspaceOfEntry(id), kind: kind.name, key: id, attempts: 1, run: "a", revision: 0 };
  const context = { signal: new AbortController().signal, progress: () => {} };
  for (let time = 0; time < 2; time += 1) await kind.run(task, context);
  const version = { workspaceId: workspaceOfEntry(id), entryId: id, versionId: entry.version_id };
  assert.ok((await server.metadata.previews.find(version, 256))?.chunk);
  await kind.run({ ...task, key: ann.newId() }, context);
});

if (!goesWithout("media"))
  test("[WK30] a page, a frame of a film and a telephone's picture are drawn by programs of the system", async (t) => {
    const folder = await temporaryDirectory("media");
    t.after(() => folder.remove());
    const film = folder.join("film.mp4");
    const source = "testsrc=duration=1:size=640x360:rate=5";
    execFileSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source, film]);
    const plain = folder.join("plain.png");
    await sharp({ create: { width: 640, height: 360, channels: 3, background: "blue" } })
      .png()
      .toFile(plain);
    const heic = folder.join("phone.heic");
    execFileSync("heif-enc", [plain, "-o", heic], { stdio: "ignore" });
    const page = [
      "%PDF-1.4",
      "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
      "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
      "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 400]>>endobj",
      "trailer<</Root 1 0 R>>\n",
    ];
    const files = [
      ["page.pdf", Buffer.from(page.join("\n")), 128, 256],
      ["film.mp4", await readFile(film), 256, 144],
      ["phone.heic", await readFile(heic), 256, 144],
    ] as const;
    for (const [name, bytes, width, height] of files) {
      const drawn = (await draw(name, bytes)).get(256);
      assert.ok(drawn, name);
      const found = await sharp(drawn).metadata();
      assert.deepEqual([found.format, found.width, found.height], ["webp", width, height], name);
    }
    // Play lists in several languages, of a film that may not be this asker's.
    const lists = [
      `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${film}\n#EXT-X-ENDLIST\n`,
      `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://${film}\n#EXT-X-ENDLIST\n`,
      `ffconcat version 1.0\nfile file.mp4\n`,
    ];
    for (const list of lists) await assert.rejects(draw("list.mp4", Buffer.from(list)), ProgramError, list);
    // Hostile: a play list that names another file, a page that isn't there.
    for (const name of ["list.mp4", "page.pdf", "phone.heic", "camera.nef"])
      await assert.rejects(draw(name, Buffer.from("#EXTM3U\nfile:///etc/passwd\n")), ProgramError, name);
  });

async function draw(name: string, bytes: Uint8Array) {
  const source = previewSourceOf(name);
  assert.ok(source);
  return drawPreviews(
    source,
    (async function* () {
      yield bytes;
    })(),
  );
}

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import type { EntryId, VersionId } from "@satchel/protocol";
import { goesWithout } from "@satchel/testkit";
import type { ArchiveMember } from "./archive-members.ts";
import { zipStream } from "./zip-stream.ts";

const run = promisify(execFile);
const now = new Date("2026-03-04T05:06:08Z");

function file(path: string, sizeBytes: number, executable = false): ArchiveMember {
  const ids = { id: path as EntryId, versionId: "v" as VersionId };
  return { type: "file", path, modified: "2026-01-31T12:00:02.000Z", sizeBytes, executable, ...ids };
}

/** What Python, whose reader is nobody's relative of ours, finds in an archive: it checks every CRC while it reads. */
const script = `
import hashlib, json, sys, zipfile
found = []
with zipfile.ZipFile(sys.argv[1]) as archive:
    for info in archive.infolist():
        digest = hashlib.sha256()
        with archive.open(info) as content:
            while piece := content.read(1 << 20):
                digest.update(piece)
        found.append([info.filename, info.file_size, digest.hexdigest(), info.compress_type, info.external_attr >> 16])
print(json.dumps(found))
`;

async function write(t: TestContext, members: readonly ArchiveMember[], read: Parameters<typeof zipStream>[1]["read"]) {
  const directory = await mkdtemp(join(tmpdir(), "satchel-zip-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, "a.zip");
  const { sizeBytes, stream } = zipStream(members, { read, now });
  const target = createWriteStream(path);
  await pipeline(stream, target);
  assert.equal(target.bytesWritten, sizeBytes);
  const { stdout } = await run("python3", ["-c", script, path]);
  return { path, found: JSON.parse(stdout) as [string, number, string, number, number][] };
}

const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

if (!goesWithout("archives"))
  test("[AP49] other programs read what is written: names in UTF-8, empty folders, modes, every content by its CRC", async (t) => {
    const members = [
      { type: "folder", path: "Büro 日本", modified: null } as const,
      file("Büro 日本/a.txt", 3),
      file("Büro 日本/empty", 0),
      file("run.sh", 5, true),
    ];
    const contents: Record<string, string> = { "Büro 日本/a.txt": "abc", "Büro 日本/empty": "", "run.sh": "hello" };
    const { found, path } = await write(t, members, async function* ({ path }) {
      for (const letter of contents[path] ?? "") yield Buffer.from(letter);
    });
    assert.deepEqual(found, [
      ["Büro 日本/", 0, sha256(""), 0, 0o40_755],
      ["Büro 日本/a.txt", 3, sha256("abc"), 0, 0o100_644],
      ["Büro 日本/empty", 0, sha256(""), 0, 0o100_644],
      ["run.sh", 5, sha256("hello"), 0, 0o100_755],
    ]);
    // Told that names are UTF-8, whatever the language of who runs the tests.
    await run("unzip", ["-tq", path], { env: { ...process.env, LC_ALL: "C.UTF-8" } });
  });

test("[AP49] a content of over 4 GiB, and what comes after it, can be read: zip64", async (t) => {
  const piece = Buffer.alloc(4 * 1024 * 1024, 7);
  const sizeBytes = piece.length * 1024 + 5;
  const members = [file("big.bin", sizeBytes), file("after.txt", 5)];
  let largest = 0;
  const { sizeBytes: total, stream } = zipStream(members, {
    now,
    async *read({ path }) {
      const pieces = path === "big.bin" ? 1024 : 0;
      for (let index = 0; index < pieces; index += 1) {
        largest = Math.max(largest, process.memoryUsage().rss);
        yield piece;
      }
      yield Buffer.from("after");
    },
  });
  const before = process.memoryUsage().rss;
  let length = 0;
  let tail = Buffer.alloc(0);
  for await (const bytes of stream as AsyncIterable<Buffer>) {
    length += bytes.length;
    tail = Buffer.concat([tail, bytes]).subarray(-1024);
  }
  assert.equal(length, total);
  assert.ok(total > 2 ** 32);
  t.diagnostic(`${Math.round((largest - before) / 1024 / 1024)} MiB more in memory for ${total} bytes`);
  assert.ok(largest - before < 256 * 1024 * 1024, "memory grows with the content");
  // The directory: both names, and the zip64 locator before its end.
  assert.ok(tail.includes("big.bin") && tail.includes("after.txt"));
  assert.ok(tail.includes(Buffer.from([0x50, 0x4b, 0x06, 0x07])));
});

test("[AP49] a content that can't be read breaks the archive off, and is not passed over", async () => {
  const { stream } = zipStream([file("a", 3), file("b", 3)], {
    now,
    async *read({ path }) {
      if (path === "b") throw new Error("damaged");
      yield Buffer.from("abc");
    },
  });
  await assert.rejects(async () => {
    for await (const _ of stream) {
      // To its end.
    }
  }, /damaged/);
});

test("[AP49] whoever stops reading stops the reading of the contents", async () => {
  let ended = false;
  const { stream } = zipStream([file("a", 3 * 1024 * 1024)], {
    now,
    async *read() {
      try {
        for (let index = 0; index < 3; index += 1) yield Buffer.alloc(1024 * 1024);
      } finally {
        ended = true;
      }
    },
  });
  for await (const _ of stream) break;
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(ended);
});

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, suite, test } from "node:test";
import { chooseLevel, createChunker, encodeManifest, versionHash, type ManifestChunk } from "@satchel/chunking";
import type { ChunkHash } from "@satchel/protocol";
import { seededRandom } from "@satchel/testkit";
import { DiskError, type Disk, type DiskErrorCode, type Piece, type ScannedFolder } from "../ports/disk.ts";
import type { VirtualEntry } from "./virtual/virtual-file-system.ts";

/** A person at the same folder. */
export interface ContractUser {
  writeFile(path: string, bytes: Uint8Array): void;
  replaceFile(path: string, bytes: Uint8Array): void;
  makeFolder(path: string): void;
  symlink(target: string, path: string): void;
  link(from: string, to: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  setExecutable(path: string, executable: boolean): void;
  setModified(path: string, modifiedMs: number): void;
  readFile(path: string): Uint8Array;
  snapshot(): Map<string, VirtualEntry>;
}

export interface ContractFixture {
  readonly disk: Disk;
  readonly user: ContractUser;
  /** A disk on the same folder, as the next run of the program opens it. */
  reopen(): Disk;
  close(): Promise<void>;
}

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const sha256 = (bytes: Uint8Array): ChunkHash => createHash("sha256").update(bytes).digest("hex") as ChunkHash;

/** The chunks of a content, found without the disk under test. */
function cut(bytes: Uint8Array): (ManifestChunk & { offset: number })[] {
  let at = 0;
  const read = (target: Uint8Array): number => {
    const part = bytes.subarray(at, at + target.length);
    target.set(part);
    at += part.length;
    return part.length;
  };
  const chunks = createChunker().cutSync({ read, level: chooseLevel(bytes.length), hash: sha256 });
  return chunks.map(({ hash, sizeBytes, offset }) => ({ hash, sizeBytes, offset })).toArray();
}

function contentOf(bytes: Uint8Array, modifiedMs = 1_700_000_000_123, executable = false) {
  const manifest = cut(bytes);
  return {
    bytes: bytes.slice(),
    versionHash: versionHash(manifest, sha256),
    packedChunks: encodeManifest(manifest),
    modifiedMs,
    executable,
  };
}

async function fails(work: Promise<unknown>, code: DiskErrorCode): Promise<void> {
  await assert.rejects(work, (error) => error instanceof DiskError && error.code === code);
}

async function listAll(disk: Disk, path = ""): Promise<Map<string, ScannedFolder>> {
  const folders = new Map<string, ScannedFolder>();
  for await (const folder of disk.scan(path, { recursive: true })) folders.set(folder.path, folder);
  return folders;
}

async function temporaryOf(disk: Disk, bytes: Uint8Array, executable = false) {
  const [file] = await disk.writer.writeSmall([contentOf(bytes, undefined, executable)]);
  assert.ok(file !== undefined && !(file instanceof DiskError));
  return file;
}

async function fingerprintOf(disk: Disk, path: string): Promise<string> {
  const stat = await disk.stat(path);
  assert.ok(stat !== undefined);
  return stat.fingerprint;
}

/** Everything that the engine counts on, for any disk. */
export function describeDisk(name: string, openFixture: () => Promise<ContractFixture>): void {
  suite(`a disk (${name})`, () => {
    let fixture: ContractFixture;
    let disk: Disk;
    let user: ContractUser;

    beforeEach(async () => {
      fixture = await openFixture();
      ({ disk, user } = fixture);
      await disk.prepareRoot("marker");
    });
    afterEach(() => fixture.close());

    describeLooking(() => ({ disk, user }));
    describeNames(() => ({ disk, user }));
    describePlacing(() => ({ disk, user }));
    describeReading(() => ({ disk, user }));
    describeWriting(() => ({ disk, user, reopen: () => fixture.reopen() }));
  });
}

type Get = () => { disk: Disk; user: ContractUser };

function describeLooking(get: Get): void {
  test("[DK6] tells the root by its inode and marker", async () => {
    const { disk } = get();
    const identity = await disk.rootIdentity();
    assert.equal(identity?.marker, "marker");
    assert.deepEqual(await disk.prepareRoot("marker"), identity);
    assert.equal((await disk.prepareRoot("another")).marker, "another");
  });

  test("[DK1] tells what there is to tell of files, folders and links", async () => {
    const { disk, user } = get();
    user.writeFile("a.txt", text("hello"));
    user.setExecutable("a.txt", true);
    user.setModified("a.txt", 1_234_567_890_123);
    user.makeFolder("f");
    user.symlink("../elsewhere", "f/l");
    const file = await disk.stat("a.txt");
    assert.deepEqual(
      [file?.type, file?.sizeBytes, file?.executable, file?.modifiedMs, file?.linkTarget],
      ["file", 5, true, 1_234_567_890_123, null],
    );
    assert.equal((await disk.stat("f"))?.type, "folder");
    const link = await disk.stat("f/l");
    assert.deepEqual([link?.type, link?.linkTarget, link?.executable], ["link", "../elsewhere", false]);
    assert.equal(await disk.stat("nothing"), undefined);
    assert.equal(await disk.stat("nothing/in/it"), undefined);
    assert.equal(await disk.stat("a.txt/in/it"), undefined);
  });

  test("[DK1] finds nothing below a link, and changes nothing there", async () => {
    const { disk, user } = get();
    user.makeFolder("real");
    user.writeFile("real/x", text("x"));
    user.symlink("real", "link");
    assert.equal(await disk.stat("link/x"), undefined);
    await fails(disk.makeFolder("link/new"), "gone");
    await fails(disk.removeFile("link/x", await fingerprintOf(disk, "real/x")), "gone");
    const [read] = await disk.reader.readSmall(["link/x"]);
    assert.ok(read instanceof DiskError && read.code === "gone");
    const listings = await listAll(disk, "link");
    assert.equal(listings.get("link")?.problem, "gone");
    assert.deepEqual(user.readFile("real/x"), text("x"));
  });

  test("[DK2] an inode stays with its file through renames and writes, and goes with a replacement", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("one"));
    const before = await disk.stat("a");
    user.writeFile("a", text("two"));
    user.rename("a", "b");
    assert.equal((await disk.stat("b"))?.inode, before?.inode);
    user.link("b", "c");
    assert.equal((await disk.stat("c"))?.inode, before?.inode);
    user.replaceFile("b", text("three"));
    assert.notEqual((await disk.stat("b"))?.inode, before?.inode);
    user.remove("b");
    user.remove("c");
    for (let round = 0; round < 50; round += 1) {
      user.writeFile("b", text("new"));
      assert.notEqual((await disk.stat("b"))?.inode, before?.inode);
      user.remove("b");
    }
  });

  test("[DK3] a fingerprint tells an edit that kept size and time", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("one"));
    user.setModified("a", 1_600_000_000_000);
    const before = await disk.stat("a");
    assert.equal(await fingerprintOf(disk, "a"), before?.fingerprint);
    user.writeFile("a", text("two"));
    user.setModified("a", 1_600_000_000_000);
    const after = await disk.stat("a");
    assert.deepEqual([after?.sizeBytes, after?.modifiedMs], [before?.sizeBytes, before?.modifiedMs]);
    assert.notEqual(after?.fingerprint, before?.fingerprint);
  });

  test("[DK4] a scan lists parents first, and the engine's own folder only where it is not", async () => {
    const { disk, user } = get();
    user.makeFolder("f/g/.satchel");
    user.writeFile("f/g/.satchel/x", text("a person's"));
    user.writeFile("f/é\u{1F600}\n", text("1"));
    const order: string[] = [];
    const names = new Map<string, string[]>();
    for await (const { path, entries } of disk.scan("", { recursive: true })) {
      order.push(path);
      names.set(path, entries.map((entry) => entry.name).toSorted());
    }
    assert.deepEqual(order, ["", "f", "f/g", "f/g/.satchel"]);
    assert.deepEqual([names.get(""), names.get("f"), names.get("f/g")], [["f"], ["g", "é\u{1F600}\n"], [".satchel"]]);
    const flat: string[] = [];
    for await (const { path } of disk.scan("f", { recursive: false })) flat.push(path);
    assert.deepEqual(flat, ["f"]);
  });

  test("[DK4] a scan tells of each entry what a look at it tells", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("1"));
    user.symlink("a", "l");
    const listing = (await listAll(disk)).get("");
    for (const { name, ...stat } of listing?.entries ?? []) assert.deepEqual(stat, await disk.stat(name));
    assert.equal(listing?.entries.length, 2);
  });

  test("[DK4] a scan whose reader leaves ends, and one that is aborted fails", async () => {
    const { disk, user } = get();
    for (let n = 0; n < 40; n += 1) user.makeFolder(`f/${n}/deeper`);
    for await (const { path } of disk.scan("", { recursive: true })) if (path === "f") break;
    const abort = new AbortController();
    const scanning = async (): Promise<void> => {
      for await (const { path } of disk.scan("", { recursive: true, signal: abort.signal })) {
        if (path === "") abort.abort(new Error("enough"));
      }
      // A short scan may have come to its end before: then the abort is its reader's own business.
      abort.signal.throwIfAborted();
    };
    await assert.rejects(scanning(), /enough/);
  });

  test("[DK5] a folder that is not there is told as gone, not as empty", async () => {
    const { disk, user } = get();
    user.writeFile("file", text("x"));
    for (const path of ["nothing", "nothing/deeper", "file"]) {
      assert.equal((await listAll(disk, path)).get(path)?.problem, "gone");
    }
  });
}

function describeNames(get: Get): void {
  test("[DK7] makes a folder where nothing is", async () => {
    const { disk, user } = get();
    assert.equal((await disk.makeFolder("f")).type, "folder");
    await fails(disk.makeFolder("f"), "exists");
    user.writeFile("x", text("x"));
    await fails(disk.makeFolder("x"), "exists");
    await fails(disk.makeFolder("nothing/f"), "gone");
  });

  test("[DK7] moves files, links and folders, and never over anything", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("a"));
    user.writeFile("b", text("b"));
    user.symlink("a", "l");
    user.makeFolder("f/inner");
    user.makeFolder("empty");
    for (const from of ["a", "l", "f"]) {
      for (const to of ["b", "empty"]) await fails(disk.move(from, to), "exists");
    }
    await fails(disk.move("a", "a"), "exists");
    await fails(disk.move("nothing", "c"), "gone");
    await fails(disk.move("a", "nothing/c"), "gone");
    const { inode } = (await disk.stat("a")) ?? {};
    assert.equal((await disk.move("a", "f/a")).inode, inode);
    assert.equal((await disk.move("l", "f/l")).linkTarget, "a");
    assert.equal((await disk.move("f", "g")).type, "folder");
    assert.deepEqual([...user.snapshot().keys()], ["b", "empty", "g", "g/a", "g/inner", "g/l"]);
  });

  test("[DK7] a move to the name of a hard link of the same file replaces nothing", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("a"));
    user.link("a", "A");
    await fails(disk.move("a", "A"), "exists");
    assert.deepEqual([...user.snapshot().keys()], ["A", "a"]);
  });

  test("[DK8] removes only the file that was seen", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("one"));
    const seen = await fingerprintOf(disk, "a");
    user.writeFile("a", text("two"));
    await fails(disk.removeFile("a", seen), "changed");
    assert.deepEqual(user.readFile("a"), text("two"));
    await disk.removeFile("a", await fingerprintOf(disk, "a"));
    await fails(disk.removeFile("a", seen), "gone");
    user.symlink("x", "l");
    await disk.removeFile("l", await fingerprintOf(disk, "l"));
    user.makeFolder("f");
    await fails(disk.removeFile("f", await fingerprintOf(disk, "f")), "changed");
    assert.deepEqual([...user.snapshot().keys()], ["f"]);
  });

  test("[DK11] removes a folder only when it is empty", async () => {
    const { disk, user } = get();
    user.makeFolder("f/g");
    await fails(disk.removeFolder("f"), "not_empty");
    await disk.removeFolder("f/g");
    await disk.removeFolder("f");
    await fails(disk.removeFolder("f"), "gone");
  });

  test("[DK8] sets time and mode of the file that was seen", async () => {
    const { disk, user } = get();
    user.writeFile("a", text("one"));
    const seen = await fingerprintOf(disk, "a");
    for (const modifiedMs of [1_700_000_000_001, 1_234_567_890_999, 999, 0]) {
      const fingerprint = await fingerprintOf(disk, "a");
      const stat = await disk.setAttributes("a", { modifiedMs, executable: true, fingerprint });
      assert.deepEqual([stat.modifiedMs, stat.executable], [modifiedMs, true]);
      assert.deepEqual(await disk.stat("a"), stat);
    }
    await fails(disk.setAttributes("a", { modifiedMs: 1, executable: false, fingerprint: seen }), "changed");
  });

  test("[DK12] settling is always possible, also when folders are gone", async () => {
    const { disk } = get();
    await disk.settle();
    await disk.makeFolder("f");
    await disk.makeFolder("f/g");
    await disk.removeFolder("f/g");
    await disk.removeFolder("f");
    await disk.settle();
  });
}

function describePlacing(get: Get): void {
  test("[DK7] places where nothing is", async () => {
    const { disk, user } = get();
    const file = await temporaryOf(disk, text("new"), true);
    user.writeFile("taken", text("taken"));
    user.makeFolder("folder");
    await fails(disk.place(file, "taken", null), "exists");
    await fails(disk.place(file, "folder", null), "exists");
    await fails(disk.place(file, "nothing/x", null), "gone");
    const stat = await disk.place(file, "x", null);
    assert.deepEqual(await disk.stat("x"), stat);
    assert.deepEqual([stat.inode, stat.modifiedMs, stat.executable], [file.stat.inode, 1_700_000_000_123, true]);
    assert.deepEqual(user.readFile("x"), text("new"));
    assert.deepEqual(user.readFile("taken"), text("taken"));
    assert.equal(await disk.stat(file.path), undefined);
  });

  test("[DK8] [DK9] replaces only what was seen, and keeps the temporary file when it does not", async () => {
    const { disk, user } = get();
    user.writeFile("x", text("old"));
    const seen = await fingerprintOf(disk, "x");
    user.writeFile("x", text("edited"));
    const file = await temporaryOf(disk, text("new"));
    await fails(disk.place(file, "x", seen), "changed");
    await fails(disk.place(file, "nothing", seen), "changed");
    assert.deepEqual(user.readFile("x"), text("edited"));
    await disk.place(file, "x", await fingerprintOf(disk, "x"));
    assert.deepEqual(user.readFile("x"), text("new"));
    await fails(disk.place(file, "y", null), "failed");
  });

  test("[DK8] places links in the same way", async () => {
    const { disk, user } = get();
    const link = await disk.placeLink("over there", "l", null);
    assert.equal(link.linkTarget, "over there");
    await fails(disk.placeLink("elsewhere", "l", null), "exists");
    await fails(disk.placeLink("elsewhere", "l", "1:2:3:4"), "changed");
    await disk.placeLink("elsewhere", "l", link.fingerprint);
    user.writeFile("target", text("target"));
    user.writeFile("file", text("file"));
    const untouched = await disk.stat("target");
    await disk.placeLink("target", "file", await fingerprintOf(disk, "file"));
    assert.deepEqual(await disk.stat("target"), untouched);
    const file = await temporaryOf(disk, text("new"));
    await disk.place(file, "l", await fingerprintOf(disk, "l"));
    assert.deepEqual(user.readFile("l"), text("new"));
  });

  test("[DK9] a discarded temporary file is gone, and may be discarded again", async () => {
    const { disk } = get();
    const file = await temporaryOf(disk, text("new"));
    assert.ok(await disk.stat(file.path));
    await disk.discard(file);
    await disk.discard(file);
    assert.equal(await disk.stat(file.path), undefined);
  });
}

function describeReading(get: Get): void {
  test("[DK15] reads small files whole, each with its own outcome", async () => {
    const { disk, user } = get();
    const random = seededRandom("small");
    const contents = [0, 1, 5000, 16_384, 16_385, 100_000, 256 * 1024].map((size) => random.bytes(size));
    contents.forEach((bytes, index) => user.writeFile(`f${index}`, bytes));
    user.makeFolder("folder");
    user.symlink("f1", "link");
    user.writeFile("large", random.bytes(256 * 1024 + 1));
    const bad = ["nothing", "folder", "link", "large"];
    const outcomes = await disk.reader.readSmall([...bad, ...contents.keys().map((index) => `f${index}`)]);
    const codes = outcomes.slice(0, bad.length).map((outcome) => outcome instanceof DiskError && outcome.code);
    assert.deepEqual(codes, ["gone", "changed", "changed", "changed"]);
    for (const [index, bytes] of contents.entries()) {
      const outcome = outcomes[bad.length + index];
      assert.ok(outcome !== undefined && !(outcome instanceof DiskError));
      const { versionHash: hash, packedChunks } = contentOf(bytes);
      assert.deepEqual([outcome.versionHash, outcome.stat], [hash, await disk.stat(`f${index}`)]);
      assert.ok(Buffer.from(packedChunks).equals(outcome.packedChunks));
      assert.ok(outcome.bytes !== undefined && Buffer.from(bytes).equals(outcome.bytes));
    }
  });

  test("[DK15] [DK16] cuts as a stream as it cuts whole, telling chunks in order", async () => {
    const { disk, user } = get();
    const bytes = seededRandom("cut").bytes(12 * 1024 * 1024);
    for (const content of [bytes, bytes.subarray(0, 100_000), bytes.subarray(0, 0)]) {
      user.writeFile("f", content);
      const told: unknown[] = [];
      let isBusy = 0;
      const outcome = await disk.reader.cut("f", {
        previousSizeBytes: null,
        onChunks: async (chunks) => {
          isBusy += 1;
          await Promise.resolve();
          told.push(...chunks);
          isBusy -= 1;
        },
      });
      assert.equal(isBusy, 0);
      assert.deepEqual(
        told,
        cut(content).map(({ hash, sizeBytes, offset }) => ({ hash, offset, sizeBytes })),
      );
      const { versionHash: hash, packedChunks } = contentOf(content);
      assert.equal(outcome.versionHash, hash);
      assert.ok(Buffer.from(packedChunks).equals(outcome.packedChunks));
      assert.deepEqual(outcome.stat, await disk.stat("f"));
    }
  });

  test("[DK15] cuts a grown file as coarsely as its last version", async () => {
    const { disk, user } = get();
    user.writeFile("f", new Uint8Array(3_000_000));
    const chunkSizes = async (previous: { previousSizeBytes: number; previousChunkCount: number }) => {
      const sizes: number[] = [];
      const onChunks = async (chunks: readonly { sizeBytes: number }[]): Promise<void> => {
        sizes.push(...chunks.map(({ sizeBytes }) => sizeBytes));
        await Promise.resolve();
      };
      await disk.reader.cut("f", { ...previous, onChunks });
      return sizes[0];
    };
    assert.equal(await chunkSizes({ previousSizeBytes: 100e6, previousChunkCount: 1600 }), 256 * 1024);
  });

  test("[DK14] a file that changes while it is cut is no version", async () => {
    const { disk, user } = get();
    user.writeFile("f", seededRandom("changing").bytes(24 * 1024 * 1024));
    let isFirst = true;
    const cutting = disk.reader.cut("f", {
      previousSizeBytes: null,
      onChunks: async () => {
        if (isFirst) user.writeFile("f", text("short"));
        isFirst = false;
        await Promise.resolve();
      },
    });
    await fails(cutting, "changed");
  });

  test("[DK16] what fails in the caller of a cut ends the cut with it", async () => {
    const { disk, user } = get();
    user.writeFile("f", seededRandom("fails").bytes(4 * 1024 * 1024));
    const failure = new Error("no more");
    const cutting = disk.reader.cut("f", { previousSizeBytes: null, onChunks: () => Promise.reject(failure) });
    await assert.rejects(cutting, (error) => error === failure);
    await fails(disk.reader.cut("nothing", { previousSizeBytes: null, onChunks: () => Promise.resolve() }), "gone");
  });

  test("[DK14] reads chunks again, as long as they are there", async () => {
    const { disk, user } = get();
    const bytes = seededRandom("chunks").bytes(1_000_000);
    user.writeFile("f", bytes);
    const read = await disk.reader.readChunks("f", cut(bytes));
    assert.ok(Buffer.concat(read).equals(bytes));
    user.writeFile("f", bytes.subarray(0, 1000));
    await fails(disk.reader.readChunks("f", cut(bytes)), "changed");
  });
}

function describeWriting(get: () => ReturnType<Get> & { reopen: () => Disk }): void {
  test("[DK17] writes small files, each with its outcome, in order", async () => {
    const { disk, user } = get();
    const random = seededRandom("write");
    const contents = Array.from({ length: 150 }, (_, index) =>
      contentOf(random.bytes(index * 7), index, index % 2 === 0),
    );
    const wrong = { ...contentOf(text("right")), bytes: text("wrong") };
    const long = { ...contentOf(text("right")), bytes: text("right and more") };
    const outcomes = await disk.writer.writeSmall([wrong, ...contents, long]);
    for (const outcome of [outcomes[0], outcomes.at(-1)]) {
      assert.ok(outcome instanceof DiskError && outcome.code === "corrupt");
    }
    for (const [index, { bytes, modifiedMs, executable }] of contents.entries()) {
      const file = outcomes[index + 1];
      assert.ok(file !== undefined && !(file instanceof DiskError));
      assert.deepEqual([file.stat.modifiedMs, file.stat.executable], [modifiedMs, executable]);
      assert.deepEqual(await disk.stat(file.path), file.stat);
      await disk.place(file, `f${index}`, null);
      assert.ok(Buffer.from(bytes).equals(user.readFile(`f${index}`)));
    }
  });

  test("[DK18] puts a file together of local pieces, stale ones, and the server's", async () => {
    const { disk, user } = get();
    const random = seededRandom("assemble");
    const bytes = random.bytes(9_000_000);
    const chunks = cut(bytes);
    const stale = bytes.slice();
    for (const { offset } of chunks.filter((_, index) => index % 5 === 0)) stale[offset] = 255 - (stale[offset] ?? 0);
    user.writeFile("source", stale);
    user.writeFile("short", bytes.subarray(0, 1000));
    const pieces = chunks.map(({ hash, sizeBytes, offset }, index): Piece => {
      if (index % 7 === 1) return { hash, sizeBytes, source: { from: "server" } };
      const path = index % 11 === 2 ? "nothing" : index % 11 === 3 ? "short" : "source";
      return { hash, sizeBytes, source: { from: "file", path, offset } };
    });
    const server = serverOf([bytes]);
    let progress = 0;
    const onProgress = (more: number): void => void (progress += more);
    const options = { pieces, modifiedMs: 77, executable: true, resumeKey: "../a key/", onProgress };
    const file = await disk.writer.assemble({ ...options, fetch: server.fetch });
    assert.deepEqual([file.stat.modifiedMs, file.stat.executable, file.stat.sizeBytes], [77, true, bytes.length]);
    await disk.place(file, "target", null);
    assert.ok(Buffer.from(bytes).equals(user.readFile("target")));
    assert.equal(progress, bytes.length);
    const fromServer = chunks.filter((_, i) => i % 7 === 1 || i % 11 === 2 || i % 11 === 3 || i % 5 === 0);
    assert.deepEqual(server.asked.toSorted(), [...new Set(fromServer.map(({ hash }) => hash))].toSorted());
    const leftOver = [...(await listAll(disk, ".satchel/tmp")).values()].flatMap(({ entries }) => entries);
    assert.deepEqual(leftOver, []);
  });

  test("[DK18] an empty file is put together of nothing", async () => {
    const { disk } = get();
    const empty = { pieces: [], modifiedMs: 5, executable: false, resumeKey: "empty" };
    const file = await disk.writer.assemble({ ...empty, fetch: () => Promise.reject(new Error("nothing to ask for")) });
    assert.deepEqual([file.stat.sizeBytes, file.stat.modifiedMs], [0, 5]);
  });

  test("[DK18] two files of one content can be put together at once", async () => {
    const { disk } = get();
    const bytes = seededRandom("twice").bytes(500_000);
    const pieces = cut(bytes).map(({ hash, sizeBytes }): Piece => ({ hash, sizeBytes, source: { from: "server" } }));
    const file = { pieces, modifiedMs: 5, executable: false, resumeKey: "same", fetch: serverOf([bytes]).fetch };
    const [one, two] = await Promise.all([disk.writer.assemble(file), disk.writer.assemble(file)]);
    assert.notEqual(one.path, two.path);
    assert.deepEqual([one.stat.sizeBytes, two.stat.sizeBytes], [bytes.length, bytes.length]);
  });

  test("[DK17] wrong bytes from the server never become a file", async () => {
    const { disk } = get();
    const bytes = seededRandom("wrong").bytes(500_000);
    const pieces = cut(bytes).map(({ hash, sizeBytes }): Piece => ({ hash, sizeBytes, source: { from: "server" } }));
    const fetch = (asked: readonly Piece[]): Promise<Uint8Array[]> =>
      Promise.resolve(asked.map(({ sizeBytes }) => new Uint8Array(sizeBytes)));
    const file = { pieces, modifiedMs: 5, executable: false, resumeKey: "wrong" };
    await fails(disk.writer.assemble({ ...file, fetch }), "corrupt");
    await fails(disk.writer.assemble({ ...file, fetch: () => Promise.resolve([]) }), "corrupt");
    const assembled = await disk.writer.assemble({ ...file, fetch: serverOf([bytes]).fetch });
    assert.equal(assembled.stat.sizeBytes, bytes.length);
  });

  test("[DK19] what was put in place before a lost connection and a restart is not asked for again", async () => {
    const { disk, reopen } = get();
    const bytes = seededRandom("resume").bytes(40 * 1024 * 1024);
    const pieces = cut(bytes).map(({ hash, sizeBytes }): Piece => ({ hash, sizeBytes, source: { from: "server" } }));
    const first = serverOf([bytes], 24 * 1024 * 1024);
    const file = { pieces, modifiedMs: 5, executable: false, resumeKey: "resume" };
    await assert.rejects(disk.writer.assemble({ ...file, fetch: first.fetch }), /lost/);
    await disk.close();
    const next = reopen();
    await next.prepareRoot("marker");
    const second = serverOf([bytes]);
    const assembled = await next.writer.assemble({ ...file, fetch: second.fetch });
    assert.ok(first.asked.length > 0 && second.asked.length > 0);
    assert.equal(first.asked.length + second.asked.length, pieces.length);
    await next.place(assembled, "f", null);
    const read = await next.reader.readChunks("f", [{ offset: 0, sizeBytes: bytes.length }]);
    assert.ok(Buffer.from(bytes).equals(read[0] ?? new Uint8Array()));
    await next.close();
  });

  test("[DK18] an aborted assembly stops asking, and can be gone on with", async () => {
    const { disk } = get();
    const bytes = seededRandom("abort").bytes(2_000_000);
    const pieces = cut(bytes).map(({ hash, sizeBytes }): Piece => ({ hash, sizeBytes, source: { from: "server" } }));
    const abort = new AbortController();
    const server = serverOf([bytes]);
    const fetch = async (asked: readonly Piece[]): Promise<Uint8Array[]> => {
      abort.abort(new Error("enough"));
      return server.fetch(asked);
    };
    const file = { pieces, modifiedMs: 5, executable: false, resumeKey: "abort" };
    await assert.rejects(disk.writer.assemble({ ...file, fetch, signal: abort.signal }), /enough/);
    assert.ok(await disk.writer.assemble({ ...file, fetch: server.fetch }));
  });
}

/** Has these contents; its connection is lost after so many bytes. */
function serverOf(contents: readonly Uint8Array[], untilBytes = Number.POSITIVE_INFINITY) {
  const chunks = new Map(contents.flatMap((bytes) => cut(bytes).map((chunk) => [chunk.hash, { bytes, ...chunk }])));
  const asked: string[] = [];
  let sentBytes = 0;
  const fetch = async (pieces: readonly Piece[]): Promise<Uint8Array[]> => {
    sentBytes += pieces.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (sentBytes > untilBytes) {
      // The connection is lost a moment after what was sent before has arrived.
      await new Promise((resolve) => setTimeout(resolve, 200));
      throw new Error("the connection was lost");
    }
    asked.push(...pieces.map(({ hash }) => hash));
    return pieces.map(({ hash }) => {
      const chunk = chunks.get(hash);
      assert.ok(chunk !== undefined, "only what it has is asked for");
      return chunk.bytes.slice(chunk.offset, chunk.offset + chunk.sizeBytes);
    });
  };
  return { fetch, asked };
}

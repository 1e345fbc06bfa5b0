import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@satchel/testkit";
import { DiskError, type Disk, type Piece } from "../../ports/disk.ts";
import { text, cut, contentOf, fails, listAll, type Get } from "./contract.fixture.ts";

/** How files are written and put together. */
export function describeWriting(get: () => ReturnType<Get> & { reopen: () => Disk }): void {
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

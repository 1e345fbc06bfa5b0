import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { EntryId, VersionHash } from "@satchel/protocol";
import { entryId, localLike, openState, remoteFile, remoteFolder, rootId } from "../books/record.fixture.ts";
import type { CutFile } from "../ports/disk.ts";
import type { Server } from "../ports/server.ts";
import { JobPool } from "../run/work/job-pool.ts";
import type { EngineParts } from "../run/parts.ts";
import { LoneWork } from "./lone-work.ts";

const fileBytes = 256 * 1024;

test("[EN82] while commits wait for the server, only so much is read as is carried to it", async () => {
  const state = openState();
  state.setSetting("cursor", "cursor");
  for (let n = 2; n < 202; n += 1) {
    const seen = localLike({ ...remoteFile(entryId(n), `file ${n}`, "content"), sizeBytes: fileBytes });
    state.local.put({ ...seen, content: "unknown", contentHash: null });
  }
  const { work, read } = open(state);
  for (let turn = 0; turn < 200; turn += 1) {
    await work.advance();
    await nextTurn();
  }
  // What is held when the last reading starts, and that reading itself, by two.
  const [least, most] = [16 * 2 ** 20, 24 * 2 ** 20];
  assert.ok(read.length * fileBytes >= least && read.length * fileBytes <= most, `${read.length} files were read`);
});

/** Turns of the engine's loop, which comes again at once as long as it is told to. */
async function advanceAll(work: LoneWork): Promise<void> {
  for (let turns = 0; (await work.advance()) === 0; turns += 1) assert.ok(turns < 10, "it never comes to rest");
  await nextTurn();
}

/** Puts a new folder into the local tree. */
const putFolder = (state: ReturnType<typeof openState>, id: EntryId, parentId: EntryId): void =>
  state.local.put({ ...localLike(remoteFolder(id, `n${id}`)), parentId });

for (const { count, firstBatch } of [
  { count: 240, firstBatch: 240 },
  // More than one turn looks at.
  { count: 2600, firstBatch: 400 },
])
  test(`[EN81] a new folder that was moved before its commit is sent before what is in it, of ${count} entries`, async () => {
    const state = openState();
    state.setSetting("cursor", "cursor");
    const [outer, inner, ...inside] = Array.from({ length: count }, (_, nth) => entryId(nth + 2)) as [
      EntryId,
      EntryId,
      ...EntryId[],
    ];
    putFolder(state, inner, rootId);
    for (const id of inside) putFolder(state, id, inner);
    const { work, sent } = open(state);
    work.queues.sort({ isInJob: () => false, isPaused: () => false });
    putFolder(state, outer, rootId);
    putFolder(state, inner, outer);
    await advanceAll(work);
    assert.deepEqual(sent.slice(0, 2), [outer, inner]);
    assert.equal(sent.length, firstBatch);
  });

test("[EN81] folders of which each would have to come before the other keep nothing busy", async () => {
  const state = openState();
  state.setSetting("cursor", "cursor");
  const [one, other] = [entryId(2), entryId(3)];
  putFolder(state, one, rootId);
  putFolder(state, other, one);
  const { work, sent } = open(state);
  work.queues.sort({ isInJob: () => false, isPaused: () => false });
  putFolder(state, one, other);
  await advanceAll(work);
  assert.deepEqual(sent, []);
});

test("[EN124] a pause that comes while folders are made keeps what is read and sent after them from beginning", async () => {
  const state = openState();
  state.setSetting("cursor", "cursor");
  const [file, made] = [entryId(2), entryId(3)];
  const seen = localLike({ ...remoteFile(file, "file", "content"), sizeBytes: fileBytes });
  state.local.put({ ...seen, content: "unknown", contentHash: null });
  putFolder(state, made, rootId);
  let pausing = new AbortController();
  const { work, read, sent } = open(state, () => pausing.signal);
  const advancing = work.advance();
  pausing.abort();
  await advancing;
  await nextTurn();
  assert.deepEqual([read, sent], [[], []]);
  pausing = new AbortController();
  await work.advance();
  await nextTurn();
  assert.deepEqual([read, sent], [["file"], [made]]);
});

/** The parts that reading and committing need; the server never answers. */
function open(state: ReturnType<typeof openState>, signal = () => new AbortController().signal) {
  const read: string[] = [];
  const sent: string[] = [];
  const readSmall = (paths: readonly string[]): Promise<CutFile[]> => {
    read.push(...paths);
    return Promise.resolve(
      paths.map((path): CutFile => {
        const local = state.local.findChild(rootId, path);
        assert.ok(local);
        const { inode, sizeBytes, modifiedMs } = local;
        const stat = {
          type: "file",
          inode: inode ?? "",
          fingerprint: "f",
          sizeBytes,
          modifiedMs,
          modifiedNs: "0",
          executable: false,
          linkTarget: null,
        } as const;
        return { stat, versionHash: path as VersionHash, packedChunks: new Uint8Array() };
      }),
    );
  };
  const parts = {
    state,
    manifests: { keep: () => undefined, findPacked: () => new Uint8Array(), find: () => [] },
    disk: { reader: { readSmall } },
    server: {
      commit({ operations }: Parameters<Server["commit"]>[0]) {
        sent.push(...operations.map(({ id }) => id));
        return new Promise(() => undefined);
      },
    },
    offers: { add: () => [] },
    carry: { put: () => undefined, find: () => undefined },
    quiet: { waitMs: () => 0 },
    issues: { isPaused: () => false },
    clock: { nowMs: () => 0 },
    entropy: { bytes: (count: number) => new Uint8Array(count) },
    connection: { mayTry: true },
    resend: new Set(),
    hints: new Set(),
    keep: () => Promise.resolve(),
    keepIfCheap: () => Promise.resolve(),
    lookAgain: assert.fail,
    decisions: { note: () => undefined },
    exclusions: { isExcluded: () => false },
  } as unknown as EngineParts;
  const jobs = new JobPool((error, ids: readonly EntryId[]) => {
    assert.equal(error, undefined);
    work.queues.ended(ids, false);
  });
  const work = new LoneWork({
    parts,
    jobs,
    onRefused: assert.fail,
    onGap: assert.fail,
    signal,
  });
  return { work, read, sent };
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { agree } from "../books/agree.ts";
import { Offers } from "../books/offers.ts";
import { entryId, localLike, openState, remoteFile, rootId } from "../books/record.fixture.ts";
import { ProblemError } from "@satchel/protocol";
import { cutBytes } from "../disk/jobs/cut-bytes.ts";
import { openVirtualDisk } from "../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../disk/virtual/virtual-file-system.ts";
import type { Server } from "../ports/server.ts";
import { Hints } from "../scan/hints.ts";
import { recordOf } from "../scan/observation.ts";
import { ManifestStore } from "../state/manifest-store.ts";
import { BundleMemory } from "./bundle-memory.ts";
import { Carry } from "./carry.ts";
import { fetchFiles, type FetchContext } from "./fetch.ts";
import { TransferMeter } from "./transfer-meter.ts";

const id = entryId(1);

/** An empty folder and empty books, and fetching of one file into the root; what is said of it fails the test where nobody expects it. */
async function open() {
  const files = new VirtualFileSystem({ nowNs: () => 1_000_000n });
  files.mount();
  const disk = openVirtualDisk(files);
  await disk.prepareRoot("marker");
  const state = openState();
  const [manifests, offers] = [new ManifestStore(state.database), new Offers(state.database)];
  const books = { state, manifests, offers, carry: new Carry() };
  const fail = (_id: unknown, path: string): void => assert.fail(path);
  const fetchFile = (expected: Partial<FetchContext> = {}): Promise<void> =>
    fetchFiles(
      {
        ...books,
        disk,
        server: {} as Server,
        onProblem: fail,
        onObstacle: fail,
        bundleMemory: new BundleMemory(),
        meter: new TransferMeter(),
        hints: new Hints(),
        lookAgain: () => undefined,
        isIgnored: () => false,
        ...expected,
      },
      [{ id, place: { parentId: rootId, name: "file" } }],
      new AbortController().signal,
    );
  return { files, disk, ...books, fetchFile };
}

test("[EN112] what was offered of a content is forgotten when the server's takes its place, and what was offered of a place is not", async () => {
  const { files, disk, state, manifests, offers, carry, fetchFile } = await open();
  files.writeFile("file", Buffer.from("base"));
  const stat = await disk.stat("file");
  assert.ok(stat);
  const bytes = new TextEncoder().encode("theirs");
  const { versionHash, packedChunks } = cutBytes(bytes);
  const base = { ...remoteFile(id, "file", "base"), sizeBytes: 4 };
  const record = recordOf(undefined, { id, parentId: rootId, name: "file" }, stat);
  state.transaction(() => {
    state.local.put({ ...record, content: "known", contentHash: base.contentHash });
    state.remote.put({ ...remoteFile(id, "file", versionHash, 2), sizeBytes: bytes.length });
    agree(state, id, base, "all");
    offers.add([{ record: remoteFile(id, "file", "mine"), aspect: "content" }]);
    offers.add([{ record: remoteFile(id, "elsewhere", "base"), aspect: "place" }]);
  });
  manifests.keep(versionHash, packedChunks);
  carry.put(versionHash, bytes);
  await fetchFile();
  assert.equal(Buffer.from(files.readFile("file")).toString(), "theirs");
  assert.deepEqual(
    offers.of(id).map(({ aspect }) => aspect),
    ["place"],
  );
});

test("[EN131] a file that was in a folder that is gone comes back to where the server has it", async () => {
  const { files, state, manifests, carry, fetchFile } = await open();
  const bytes = new TextEncoder().encode("theirs");
  const { versionHash, packedChunks } = cutBytes(bytes);
  const base = remoteFile(id, "file", "base");
  state.transaction(() => {
    // It was moved into a folder, edited there, and the folder was deleted before anything was told of that.
    state.local.put({ ...localLike(base), parentId: entryId(9), content: "unknown", contentHash: null });
    state.remote.put({ ...remoteFile(id, "file", versionHash, 2), sizeBytes: bytes.length });
    agree(state, id, base, "all");
  });
  manifests.keep(versionHash, packedChunks);
  carry.put(versionHash, bytes);
  await fetchFile({ lookAgain: (path) => assert.fail(path) });
  assert.equal(Buffer.from(files.readFile("file")).toString(), "theirs");
  assert.equal(state.localPath(id), "file");
});

for (const [size, sizeBytes] of [
  ["small", 6],
  ["large", 600_000],
] as const)
  test(`[WK45] a ${size} file in which the server found malware is told of, and nothing of it comes here`, async () => {
    const { disk, state, manifests, fetchFile } = await open();
    const { versionHash, packedChunks } = cutBytes(new Uint8Array(sizeBytes).fill(7));
    state.transaction(() => state.remote.put({ ...remoteFile(id, "file", versionHash, 2), sizeBytes }));
    manifests.keep(versionHash, packedChunks);
    const problems: unknown[] = [];
    await fetchFile({
      server: { downloadChunks: () => Promise.reject(new ProblemError("content_quarantined")) } as unknown as Server,
      onProblem: (about, path, { code }) => void problems.push([about, path, code]),
    });
    assert.deepEqual(problems, [[id, "file", "quarantined"]]);
    assert.equal(await disk.stat("file"), undefined);
  });

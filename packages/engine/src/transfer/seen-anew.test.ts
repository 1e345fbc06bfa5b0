import assert from "node:assert/strict";
import { test } from "node:test";
import { recordOf } from "../scan/observation.ts";
import { Offers } from "../books/offers.ts";
import { entryId, openState, remoteFile, rootId } from "../books/record.fixture.ts";
import { openVirtualDisk } from "../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../disk/virtual/virtual-file-system.ts";
import type { Disk } from "../ports/disk.ts";
import type { Server } from "../ports/server.ts";
import { Hints } from "../scan/hints.ts";
import { ManifestStore } from "../state/manifest-store.ts";
import { BundleMemory } from "./bundle-memory.ts";
import { Carry } from "./carry.ts";
import { fetchFiles } from "./fetch.ts";
import { ingest } from "./ingest.ts";
import { TransferMeter } from "./transfer-meter.ts";

const never = new AbortController().signal;
const id = entryId(1);

test("[EN92] a file that went on growing while its first part was sent is looked at again", async () => {
  const { files, context, look, lookedAgain } = await open();
  files.writeFile("grows", bytesOf(1_000_000));
  await look("grows");
  const server: Pick<Server, "missingChunks" | "uploadChunks"> = {
    missingChunks: async (chunks) => {
      files.writeFile("grows", bytesOf(3_000_000));
      await look("grows");
      return chunks.map((_, at) => at);
    },
    uploadChunks: () => Promise.resolve(),
  };
  await ingest({ ...context, server: server as Server, resend: new Set() }, [id], never);
  assert.deepEqual(lookedAgain, ["grows"]);
});

test("[EN92] a file that stays as it was while it is sent is not looked at again", async () => {
  const { files, context, look, lookedAgain } = await open();
  files.writeFile("stays", bytesOf(1_000_000));
  await look("stays");
  const server: Pick<Server, "missingChunks"> = {
    missingChunks: async () => {
      await look("stays");
      return [];
    },
  };
  await ingest({ ...context, server: server as Server, resend: new Set() }, [id], never);
  assert.deepEqual(lookedAgain, []);
});

for (const isKnown of [true, false]) {
  test(`[EN92] a file that is written to just after it was put in place is looked at again (${isKnown ? "a new version" : "a new file"})`, async () => {
    const { files, disk, context, look, lookedAgain } = await open();
    const { versionHash, packedChunks } = await contentOf(files, disk, "new content");
    context.manifests.keep(versionHash, packedChunks);
    context.carry.put(versionHash, Buffer.from("new content"));
    const remote = { ...remoteFile(id, "file", versionHash), sizeBytes: 11 };
    if (isKnown) {
      files.writeFile("file", Buffer.from("old"));
      await look("file");
      const local = context.state.local.find(id);
      assert.ok(local);
      context.state.transaction(() => {
        context.state.local.put({ ...local, content: "known", contentHash: versionHash });
        context.state.synced.put(remote);
      });
    }
    context.state.transaction(() => context.state.remote.put(remote));
    const hasty: Disk = {
      ...disk,
      place: async (...words) => {
        const stat = await disk.place(...words);
        files.writeFile("file", Buffer.from("written by a person"));
        // A new one is not known by its entry yet: the look takes it for another.
        await look("file", isKnown ? id : entryId(2));
        return stat;
      },
    };
    await fetchFiles(
      { ...context, disk: hasty, server: {} as Server, bundleMemory: new BundleMemory(), hints: new Hints() },
      [{ id, place: { parentId: rootId, name: "file" } }],
      never,
    );
    assert.deepEqual(lookedAgain, ["file"]);
  });
}

async function open() {
  let nowNs = 1_000_000n;
  const files = new VirtualFileSystem({ nowNs: () => (nowNs += 1_000_000n) });
  files.mount();
  const disk: Disk = openVirtualDisk(files);
  await disk.prepareRoot("marker");
  const state = openState();
  const lookedAgain: string[] = [];
  /** What a scan does that comes upon it. */
  const look = async (name: string, as = id): Promise<void> => {
    const stat = await disk.stat(name);
    assert.ok(stat);
    state.transaction(() => state.local.put(recordOf(state.local.find(as), { id: as, parentId: rootId, name }, stat)));
  };
  const context = {
    state,
    disk,
    manifests: new ManifestStore(state.database),
    offers: new Offers(state.database),
    carry: new Carry(),
    meter: new TransferMeter(),
    lookAgain: (path: string) => void lookedAgain.push(path),
    onProblem: (_id: unknown, path: string) => assert.fail(path),
    onObstacle: (_id: unknown, path: string) => assert.fail(path),
    isIgnored: () => false,
  };
  return { files, disk, context, look, lookedAgain };
}

/** A content as the server would tell of it. */
async function contentOf(files: VirtualFileSystem, disk: Disk, content: string) {
  files.writeFile("source", Buffer.from(content));
  const cut = await disk.reader.cut("source", { previousSizeBytes: null, onChunks: () => Promise.resolve() });
  files.remove("source");
  return cut;
}

/** Bytes that are cut into several chunks. */
function bytesOf(length: number): Uint8Array {
  return new Uint8Array(length).map((_, at) => (at * 7919) >> 5);
}

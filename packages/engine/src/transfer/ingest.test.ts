import assert from "node:assert/strict";
import { test } from "node:test";
import type { VersionHash } from "@satchel/protocol";
import { entryId, localLike, openState, remoteFile, remoteFolder } from "../books/record.fixture.ts";
import { openVirtualDisk } from "../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../disk/virtual/virtual-file-system.ts";
import type { Server } from "../ports/server.ts";
import { ManifestStore } from "../state/manifest-store.ts";
import { Carry } from "./carry.ts";
import { ingest } from "./ingest.ts";
import { TransferMeter } from "./transfer-meter.ts";

const [file, folder, other] = [entryId(1), entryId(2), entryId(3)];

test("[EN68] what an entry of the server had until now does not travel again: deleted, replaced, or gone with its folder", async () => {
  const fates = {
    deleted: ({ remote }: ReturnType<typeof openState>) => remote.remove(other),
    replaced: ({ remote }: ReturnType<typeof openState>) => remote.put(remoteFile(other, "other", "newer")),
    "gone with its folder": ({ remote }: ReturnType<typeof openState>) => void remote.removeSubtrees([folder]),
  };
  for (const [fate, happen] of Object.entries(fates)) {
    const { state, contentHash, readAgain, isCarried } = await open();
    state.transaction(() => {
      state.remote.put(remoteFolder(folder, "folder"));
      state.remote.put({ ...remoteFile(other, "other", contentHash), parentId: folder });
      happen(state);
    });
    assert.equal(state.serverHasContent(contentHash), false);
    await readAgain();
    assert.equal(isCarried(), false, fate);
  }
});

test("[EN68] what the server turned out not to have any more travels", async () => {
  const { state, contentHash, readAgain, isCarried, resend } = await open();
  state.transaction(() => {
    state.remote.put(remoteFile(other, "other", contentHash));
    state.remote.remove(other);
  });
  resend.add(contentHash);
  await readAgain();
  assert.equal(isCarried(), true);
});

test("[EN68] what the server never had travels", async () => {
  const { isCarried, readAgain } = await open();
  await readAgain();
  assert.equal(isCarried(), true);
});

/** A file on a disk, of which is known what is in it; its bytes are not at hand. */
async function open() {
  const files = new VirtualFileSystem({ nowNs: () => 0n });
  files.mount();
  files.writeFile("file", Buffer.from("what is in it"));
  const disk = openVirtualDisk(files);
  const [state, carry, resend] = [openState(), new Carry(), new Set<VersionHash>()];
  const inode = (await disk.stat("file"))?.inode ?? "";
  const readAgain = async (): Promise<void> => {
    state.transaction(() =>
      state.local.put({ ...localLike(remoteFile(file, "file", "")), inode, content: "unknown", contentHash: null }),
    );
    const context = {
      state,
      manifests: new ManifestStore(state.database),
      disk,
      server: {} as Server,
      carry,
      meter: new TransferMeter(),
      resend,
      lookAgain: (path: string) => assert.fail(path),
      onProblem: (_id: unknown, path: string) => assert.fail(path),
    };
    await ingest(context, [file], new AbortController().signal);
  };
  await readAgain();
  const contentHash = state.local.find(file)?.contentHash;
  assert.ok(contentHash);
  carry.drop(contentHash);
  return { state, contentHash, readAgain, resend, isCarried: () => carry.find(contentHash) !== undefined };
}

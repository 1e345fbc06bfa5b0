import assert from "node:assert/strict";
import { test } from "node:test";
import { openState } from "../../books/record.fixture.ts";
import { openVirtualDisk } from "../../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../../disk/virtual/virtual-file-system.ts";
import { RootChangedError, RootGuard } from "./root-guard.ts";

test("[EN41] a root that is gone is missed, and its return is noticed", async () => {
  const { files, guard } = await open();
  const root = files.unmount();
  await assert.rejects(guard.check(), isRootChange("root_missing"));
  files.mount(root);
  await guard.check();
});

test("[EN41] another folder in the root's stead is not taken for it, at the next start neither", async () => {
  const { files, guard } = await open();
  files.unmount();
  files.mount();
  await assert.rejects(guard.check(), isRootChange("root_replaced"));
  await assert.rejects(guard.open(), isRootChange("root_replaced"));
});

test("[EN41] a root without its marker was emptied", async () => {
  const { files, guard } = await open();
  files.tree.drop(".satchel");
  await assert.rejects(guard.check(), isRootChange("root_emptied"));
});

test("[EN44] a root that is taken away while the engine begins is not begun anew", async () => {
  const { files, state } = await open();
  const disk = openVirtualDisk(files, (operation) => {
    if (operation === "prepareRoot") files.unmount();
    return Promise.resolve();
  });
  const known = state.setting("root");
  const again = new RootGuard({ state, disk, entropy: { bytes: (count) => new Uint8Array(count) } });
  await assert.rejects(again.open(), isRootChange("root_replaced"));
  assert.equal(state.setting("root"), known);
});

function isRootChange(code: RootChangedError["code"]) {
  return (error: unknown): boolean => error instanceof RootChangedError && error.code === code;
}

async function open() {
  const files = new VirtualFileSystem({ nowNs: () => 0n });
  files.mount();
  const entropy = { bytes: (count: number) => new Uint8Array(count) };
  const state = openState();
  const guard = new RootGuard({ state, disk: openVirtualDisk(files), entropy });
  await guard.open();
  await guard.check();
  return { files, guard, state };
}

import { keyOfBytes, type Contents } from "../work/contents.ts";
import type { SimDevice } from "../world/sim-device.ts";
import { BrokenPromiseError } from "./broken-promise.ts";

/**
 * Watches a disk at every change: what is visible in a synced folder is always something that somebody wrote, never a part of it. What a person writes is entered into
 * the books before it is written.
 */
export function watchVisibility(
  device: SimDevice,
  contents: Contents,
  onBroken: (error: BrokenPromiseError) => void,
): () => void {
  return device.files.tree.listen((path) => {
    // Another folder may stand in the place of the synced one.
    if (device.isAway) return;
    const node = device.files.tree.find(path);
    if (node?.body.type !== "file" || contents.isKnown(keyOfBytes(node.body.bytes))) return;
    onBroken(
      new BrokenPromiseError(
        `${device.name} shows something at ${path} that nobody wrote (${node.body.bytes.length} bytes)`,
      ),
    );
  });
}

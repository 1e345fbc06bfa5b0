import assert from "node:assert/strict";
import { eventually } from "./eventually.ts";
import { snapshotTree, treeDifferences, type SnapshotOptions } from "./tree.ts";

/** Which folders, and how long they may take. */
export interface EqualFoldersOptions extends Pick<SnapshotOptions, "without"> {
  readonly folders: readonly string[];
  readonly timeoutMs: number;
}

/**
 * Waits until all folders hold the same, then reads every byte to make sure.
 *
 * @throws with the differences when that is not so in time
 */
export async function waitForEqualFolders(options: EqualFoldersOptions): Promise<void> {
  const what = `equal folders ${options.folders.join(", ")}`;
  // Names, sizes and times are cheap to compare; contents are read once these agree.
  await eventually(async () => await foldersAgree(options, false), {
    timeoutMs: options.timeoutMs,
    what,
    intervalMs: 200,
  });
  await eventually(async () => await foldersAgree(options, true), {
    timeoutMs: options.timeoutMs,
    what,
    intervalMs: 500,
  });
}

/** @throws with the differences; returns true otherwise, for `eventually` */
async function foldersAgree(options: EqualFoldersOptions, contents: boolean): Promise<true> {
  const without = options.without ?? (() => false);
  const [first = "", ...others] = options.folders;
  const expected = await snapshotTree(first, { contents, without });
  for (const folder of others) {
    const differences = treeDifferences(expected, await snapshotTree(folder, { contents, without }));
    assert.deepEqual(differences, [], `${first} and ${folder} differ`);
  }
  return true;
}

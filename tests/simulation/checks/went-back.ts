import type { Contents } from "../work/contents.ts";
import type { SimDevice } from "../world/sim-device.ts";
import { BrokenPromiseError } from "./broken-promise.ts";
import { treeOfDisk } from "./trees.ts";

/**
 * What must hold after the server was put back to an older state: a device that knows more asks, and whatever anybody had, and nobody did away with, is on some disk still. @throws BrokenPromiseError
 */
export function checkNothingDeleted({
  devices,
  contents,
}: {
  readonly devices: readonly SimDevice[];
  readonly contents: Contents;
}): void {
  const there = new Set(devices.flatMap(({ files }) => contentsOf(files)));
  const gone = [...contents.kept()].filter(({ key }) => !there.has(key));
  if (gone.length === 0) return;
  const told = gone.map(({ key, first }) => `${key.slice(0, 8)} of ${first}`);
  throw new BrokenPromiseError(`the server went back, and devices deleted: ${told.join(", ")}`);
}

function contentsOf(files: SimDevice["files"]): string[] {
  return [...treeOfDisk(files).values()].flatMap(({ content }) => content ?? []);
}

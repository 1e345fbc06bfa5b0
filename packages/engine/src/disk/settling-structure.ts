import { DiskError, type Disk } from "../ports/disk.ts";
import { isOwn, parentPath } from "./own-folder.ts";
import type { StructureQueue } from "./structure-queue.ts";
import { toDiskError } from "./system-error.ts";

type StructureMethod = Exclude<keyof Disk, "reader" | "writer" | "scan" | "close">;

/** The operations on names; those that change names keep the books of folders that are not durable yet. [DK12] */
export function settlingStructure(queue: Pick<StructureQueue, "perform">): Pick<Disk, StructureMethod> {
  const unsettled = new Set<string>();
  const note = (paths: readonly string[]): void => {
    for (const path of paths) if (!isOwn(path)) unsettled.add(parentPath(path));
  };
  const changing = async <Result>(work: Promise<Result>, ...paths: readonly string[]): Promise<Result> => {
    try {
      const result = await work;
      note(paths);
      return result;
    } catch (error) {
      // A disk that says that it failed may have done it all the same, and whoever finds that out counts on it. [EN28]
      if (error instanceof DiskError && error.code === "failed") note(paths);
      throw error;
    }
  };
  return {
    rootIdentity: () => queue.perform("rootIdentity"),
    nameRules: () => queue.perform("nameRules"),
    prepareRoot: (marker) => queue.perform("prepareRoot", marker),
    stat: (path) => queue.perform("stat", path),
    makeFolder: (path) => changing(queue.perform("makeFolder", path), path),
    move: (from, to) => changing(queue.perform("move", from, to), from, to),
    removeFile: (path, fingerprint) => changing(queue.perform("removeFile", path, fingerprint), path),
    removeFolder: (path) => changing(queue.perform("removeFolder", path), path),
    place: (temporary, path, expected) => changing(queue.perform("place", temporary, path, expected), path),
    placeLink: (target, path, expected) => changing(queue.perform("placeLink", target, path, expected), path),
    setAttributes: (path, attributes) => queue.perform("setAttributes", path, attributes),
    discard: (temporary) => queue.perform("discard", temporary),
    async settle() {
      const folders = [...unsettled];
      unsettled.clear();
      if (folders.length === 0) return;
      try {
        await queue.perform("settle", folders);
      } catch (error) {
        for (const folder of folders) unsettled.add(folder);
        throw toDiskError(error, "");
      }
    },
    isUnsettled: () => unsettled.size > 0,
  };
}

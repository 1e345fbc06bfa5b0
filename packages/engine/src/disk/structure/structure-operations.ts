import { mkdirSync, rmdirSync } from "node:fs";
import type { NameRules } from "../../names/name-rules.ts";
import { DiskError, type DiskStat, type RootIdentity, type TemporaryFile } from "../../ports/disk.ts";
import { guardedPaths } from "../guarded-path.ts";
import { setAttributes, type Attributes } from "./attributes.ts";
import { statAt, mustStatAt } from "./last-look.ts";
import { moveEntry } from "./move-entry.ts";
import { placeFile, placeLink } from "./place-file.ts";
import { identifyRoot, prepareRoot } from "./prepare-root.ts";
import { probeNames } from "./probe-names.ts";
import { removeFile, unlinkIfThere } from "./remove-file.ts";
import { settleFolders } from "./settle-folders.ts";

/**
 * What the disk does to names, as synchronous calls: between the last look at a target and the change lies nothing but
 * the way into the kernel, no other work of this process. Meant for a worker, in batches.
 */
export interface StructureOperations {
  rootIdentity(): RootIdentity | undefined;
  prepareRoot(marker: string): RootIdentity;
  nameRules(): NameRules;
  stat(path: string): DiskStat | undefined;
  makeFolder(path: string): DiskStat;
  move(from: string, to: string): DiskStat;
  removeFile(path: string, fingerprint: string): void;
  removeFolder(path: string): void;
  place(temporary: TemporaryFile, path: string, expected: string | null): DiskStat;
  placeLink(target: string, path: string, expected: string | null): DiskStat;
  setAttributes(path: string, attributes: Attributes): DiskStat;
  discard(temporary: TemporaryFile): void;
  /** One that was not finished. */
  removeTemporary(path: string): void;
  settle(folders: readonly string[]): void;
}

/** Operations for one batch, in which a folder that was looked at once is trusted to be no link. */
export function structureOperations(root: string): StructureOperations {
  const paths = guardedPaths(root);
  const place = (path: string, expected: string | null): string =>
    expected === null ? paths.guard(path) : paths.guardListed(path);
  return {
    rootIdentity: () => identifyRoot(root),
    prepareRoot: (marker) => prepareRoot(root, marker),
    nameRules: () => probeNames(root),
    stat: (path) => findStat(() => paths.guardListed(path)),
    makeFolder(path) {
      const absolute = paths.guard(path);
      mkdirSync(absolute);
      return mustStatAt(absolute, path);
    },
    move: (from, to) => moveEntry({ from: paths.guardListed(from), to: paths.guard(to), toPath: to }),
    removeFile: (path, fingerprint) => removeFile({ absolute: paths.guardListed(path), path, fingerprint }),
    removeFolder: (path) => rmdirSync(paths.guardListed(path)),
    place: (temporary, path, expected) =>
      placeFile({ temporary: paths.guard(temporary.path), absolute: place(path, expected), path, expected }),
    placeLink: (target, path, expected) => placeLink({ root, target, absolute: place(path, expected), path, expected }),
    setAttributes: (path, attributes) => setAttributes({ absolute: paths.guardListed(path), path, attributes }),
    discard: (temporary) => unlinkIfThere(paths.guard(temporary.path)),
    removeTemporary: (path) => unlinkIfThere(paths.guard(path)),
    settle: (folders) => settleFolders(folders.map((folder) => paths.resolve(folder))),
  };
}

function findStat(guard: () => string): DiskStat | undefined {
  try {
    return statAt(guard());
  } catch (error) {
    // A folder on the way is gone, or has become something else: what was in it is not there.
    if (error instanceof DiskError && error.code === "gone") return undefined;
    throw error;
  }
}

import assert from "node:assert/strict";
import { makeEntryId, makeWorkspaceId, type EntryId } from "@satchel/protocol";
import { limboId } from "@satchel/reconcile";
import { openVirtualDisk, type VirtualDiskHook } from "../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../disk/virtual/virtual-file-system.ts";
import { limboFolder, limboPath } from "../state/own-folder.ts";
import { StateStore } from "../state/state-store.ts";
import { linuxNames } from "../names/name-rules.ts";
import { Scanner } from "./scanner.ts";
import { MountBook } from "../mounts/mount-book.ts";

/** A disk in memory, its scanner, and what the scanner wrote down. */
export function openScanner(hook?: VirtualDiskHook, isIgnored: (path: string) => boolean = () => false) {
  const workspaceId = makeWorkspaceId(new Uint8Array(10));
  const state = new StateStore(":memory:", workspaceId);
  const clock = { ms: 1_000_000 };
  const files = new VirtualFileSystem({ nowNs: () => BigInt(clock.ms) * 1_000_000n });
  files.mount();
  let ids = 0;
  const issues: string[] = [];
  const lookedAgain: string[] = [];
  const kept: number[] = [];
  const scanner = new Scanner({
    state,
    disk: openVirtualDisk(files, hook),
    clock: { nowMs: () => clock.ms, sleep: () => Promise.resolve() },
    newId: () => makeEntryId(workspaceId, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, (ids += 1) >> 8, ids)),
    names: { rules: linuxNames },
    mounts: new MountBook(state),
    isIgnored,
    lookAgain: (path) => lookedAgain.push(path),
    checkRoot: () => Promise.resolve(),
    keepIfDue: () => {
      kept.push(state.local.count() - 1);
      return Promise.resolve();
    },
    onIssues: (_path, found) => issues.splice(0, issues.length, ...found.map(({ code }) => code)),
  });
  const allIds = (): Map<string, EntryId> => {
    const paths = [...state.local.ids()].map((id) => [state.localPath(id), id] as const);
    return new Map(paths.flatMap(([path, id]) => (path === undefined || path === "" ? [] : [[path, id]])));
  };
  const find = (path: string) => {
    const id = allIds().get(path);
    return id === undefined ? undefined : state.local.find(id);
  };
  return {
    files,
    scanner,
    state,
    clock,
    issues,
    lookedAgain,
    kept,
    isDenied: false,
    ids: allIds,
    /** Of all that the local tree has but the root, wherever it is. */
    names: () => [...state.local.ids()].flatMap((id) => state.local.find(id)?.name || []).toSorted(),
    find,
    /** Puts an entry into limbo, as the engine does, and answers with its path there. */
    park(path: string): string {
      const record = find(path);
      assert.ok(record);
      files.makeFolder(limboFolder);
      files.rename(path, limboPath(record.id));
      state.transaction(() => state.local.put({ ...record, parentId: limboId, name: record.id }));
      return limboPath(record.id);
    },
    /** Says that a file's content was read. */
    learn(path: string): void {
      const record = find(path);
      assert.ok(record);
      state.transaction(() => state.local.put({ ...record, content: "known" }));
    },
  };
}

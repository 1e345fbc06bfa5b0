export { StateNewerError } from "./state/schema.ts";
export { ServerWentBackError } from "./feed/remote-feed.ts";
export { RootChangedError } from "./run/outside/root-guard.ts";
export { SyncEngine, type EngineEvent } from "./run/loop/sync-engine.ts";
export type { EngineOptions } from "./run/parts.ts";
export type { Mount, MountHost } from "./mounts/mount-book.ts";
export type { EngineStatus, ItemStatus, Pending } from "./run/report/status.ts";
export { inspectState, knownNames, type StateFindings } from "./state/inspect-state.ts";
export type { Decision } from "./decisions/decision-log.ts";
export type { SideChange } from "./decisions/side-change.ts";
export type { Difference, DifferenceKind } from "./verify/compare-trees.ts";
export type { VerifyReport } from "./verify/verify-folder.ts";
export type { Issue } from "./run/report/issues.ts";
export * from "./ports/clock.ts";
export * from "./ports/disk.ts";
export * from "./ports/server.ts";
export * from "./ports/watcher.ts";
export * from "./ports/system.ts";
export { createApiServer } from "./server/api-server.ts";
export {
  FileChangesError,
  receiveFile,
  sendFile,
  WrongBytesError,
  type WholeFileProgress,
} from "./transfer/whole-file.ts";
export { mergeBytes, type ByteVersions } from "./merge/merge-bytes.ts";
export { collectGarbage } from "./memory/collect-garbage.ts";
export { limitHeapGrowth } from "./memory/heap-growth.ts";
export { trimMalloc } from "./memory/trim-malloc.ts";
export { openNodeDisk } from "./disk/node-disk.ts";
export type { Seen } from "./ports/watcher.ts";
export { createNodeWatcher } from "./watch/node-watcher.ts";
export { ignoreRulesOf, readIgnoreRules, type IgnoreRule, type IgnoreRules } from "./ignore/ignore-rules.ts";

// For the simulator: a disk in memory, and the names that another machine's disk can hold.
export { nameOf } from "./names/alias-name.ts";
export { nameKey } from "./names/name-key.ts";
export { holdsAllNames, linuxNames, macosNames, windowsNames, type NameRules } from "./names/name-rules.ts";
export { openVirtualDisk } from "./disk/virtual/virtual-disk.ts";
export { createVirtualWatcher, seenOn } from "./disk/virtual/virtual-watcher.ts";
export { VirtualFileSystem, type VirtualEntry } from "./disk/virtual/virtual-file-system.ts";

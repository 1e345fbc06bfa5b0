import { maxReportedFiles, type ArrivingFile, type EntryId } from "@satchel/protocol";
import { isSettled } from "../../books/settle.ts";
import type { Issue } from "./issues.ts";
import type { EngineParts } from "../parts.ts";

/** More changes than this are counted, not looked at one by one: they are taken to go the way that most of these go. */
const maxLookedAt = 2000;

export interface Pending {
  readonly uploads: number;
  readonly downloads: number;
  readonly bytes: number;
}

export interface EngineStatus {
  readonly state: "synced" | "syncing" | "paused" | "offline" | "error";
  readonly pending: Pending;
  /** Files that are to be uploaded, as others are told of them: the first few. */
  readonly arriving: readonly ArrivingFile[];
  readonly issues: readonly Issue[];
  readonly watch: { readonly mode: "watching" } | { readonly mode: "scanning"; readonly reason: string } | undefined;
  readonly transferred: {
    readonly sentBytes: number;
    readonly receivedBytes: number;
    readonly sentFiles: number;
    readonly receivedFiles: number;
  };
}

export interface ItemStatus {
  readonly path: string;
  readonly state: "synced" | "uploading" | "downloading" | "ignored" | "excluded" | "error";
  readonly message?: string;
}

export interface RunState {
  readonly isPaused: boolean;
  readonly isBusy: boolean;
  readonly watch: EngineStatus["watch"];
}

/** The state in a word. */
export function describeState(
  { issues, connection }: EngineParts,
  run: Omit<RunState, "watch">,
): EngineStatus["state"] {
  if (issues.general) return "error";
  if (run.isPaused) return "paused";
  if (connection.isOffline) return "offline";
  return run.isBusy ? "syncing" : "synced";
}

export function describeStatus(parts: EngineParts, run: RunState): EngineStatus {
  const { issues, meter } = parts;
  const list = [...connectionIssue(parts), ...watchIssue(run.watch), ...issues.list(), ...aliasIssues(parts)];
  const { sentBytes, receivedBytes, sentFiles, receivedFiles } = meter;
  const state = describeState(parts, run);
  return {
    state,
    ...countPending(parts),
    issues: list,
    watch: run.watch,
    transferred: { sentBytes, receivedBytes, sentFiles, receivedFiles },
  };
}

function connectionIssue({ connection }: EngineParts): Issue[] {
  if (!connection.isOffline) return [];
  const message = `The server can't be asked at the moment (${connection.reason ?? "no answer"}). Changes wait, and go on by themselves.`;
  return [{ path: "", code: "offline", message }];
}

function watchIssue(watch: EngineStatus["watch"]): Issue[] {
  return watch?.mode === "scanning"
    ? [
        {
          path: "",
          code: "not_watching",
          message: `Changes are found by scanning, which takes longer: ${watch.reason}`,
        },
      ]
    : [];
}

/** Nothing is wrong with these: nobody waits for them, and `sync --once` ends well. [NM21] */
function aliasIssues({ aliases, state }: EngineParts): Issue[] {
  return aliases.issues((path) => findLocal(state, path) !== undefined);
}

function findLocal({ local, rootId }: EngineParts["state"], path: string): EntryId | undefined {
  let id: EntryId | undefined = rootId;
  for (const name of path.split("/")) id = id && local.findChild(id, name)?.id;
  return id;
}

function countPending({ state }: EngineParts): Pick<EngineStatus, "pending" | "arriving"> {
  const changed = state.changed();
  let [uploads, downloads, bytes] = [0, 0, 0];
  const arriving: ArrivingFile[] = [];
  for (const id of changed.slice(0, maxLookedAt)) {
    const direction = directionOf(state, id);
    const item = direction === "up" ? state.local.find(id) : direction === "down" ? state.remote.find(id) : undefined;
    if (direction === "up") uploads += 1;
    if (direction === "down") downloads += 1;
    bytes += item?.sizeBytes ?? 0;
    if (direction === "up" && item?.type === "file" && item.parentId !== null && arriving.length < maxReportedFiles)
      arriving.push({ folder_id: item.parentId, name: item.name });
  }
  const others = Math.max(0, changed.length - maxLookedAt);
  const pending =
    uploads < downloads
      ? { uploads, downloads: downloads + others, bytes }
      : { uploads: uploads + others, downloads, bytes };
  return { pending, arriving };
}

function directionOf(state: EngineParts["state"], id: EntryId): "up" | "down" | undefined {
  const [local, remote, synced] = [state.local.find(id), state.remote.find(id), state.synced.find(id)];
  if (local && remote && isSettled(local, remote)) return undefined;
  const isRemoteChanged = remote
    ? remote.versionId !== synced?.versionId || remote.parentId !== synced?.parentId || remote.name !== synced?.name
    : synced !== undefined;
  return isRemoteChanged ? "down" : "up";
}

/** What `status PATH` says, of the name in the tree or of the one on the disk; undefined when nothing is there. */
export function describeItem(parts: EngineParts, path: string): ItemStatus | undefined {
  const item = describeAt(parts, path);
  const meant = parts.aliases.fromDisk(path);
  return item ?? (meant === path ? undefined : describeAt(parts, meant));
}

function describeAt(parts: EngineParts, path: string): ItemStatus | undefined {
  const { state, issues, isIgnored, exclusions } = parts;
  const names = path.split("/").filter((name) => name !== "");
  let id: EntryId | undefined = state.rootId;
  for (const name of names) id = id && (state.local.findChild(id, name)?.id ?? state.remote.findChild(id, name)?.id);
  const plain = names.join("/");
  if (id === undefined) return isIgnored(plain, false) ? { path, state: "ignored" } : undefined;
  const issue = issues.list().find((candidate) => candidate.path === plain && plain !== "");
  if (issue) return { path, state: "error", message: issue.message };
  if (state.localPath(id) === undefined && exclusions.isExcluded(id)) return { path, state: "excluded" };
  const direction = state.isChanged(id) ? directionOf(state, id) : undefined;
  const message = parts.aliases.messageFor(plain);
  return {
    path,
    state: direction === "up" ? "uploading" : direction === "down" ? "downloading" : "synced",
    ...(message !== undefined && { message }),
  };
}

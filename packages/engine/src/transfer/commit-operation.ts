import { Buffer } from "node:buffer";
import {
  formatTimestamp,
  type CommitOperation,
  type CommittedContent,
  type EntryId,
  type VersionHash,
  type VersionId,
} from "@satchel/protocol";
import type { RemoteOperation } from "@satchel/reconcile";
import type { Clock } from "../ports/clock.ts";
import type { ManifestStore } from "../state/manifest-store.ts";
import type { LocalRecord, StateStore } from "../state/state-store.ts";

/** The content of a file, and what it has of its own beside the bytes. */
export interface FileContent {
  readonly contentHash: VersionHash;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly executable: boolean;
}

/** A merge of this device's content with the server's latest: no plan's, since whether there is one is not known before the texts are. */
export interface MergeOperation {
  readonly do: "merge_remote";
  readonly id: EntryId;
  /** The version that both sides edited; null when only its content is known. */
  readonly commonVersionId: VersionId | null;
  /** What this device had when the merge was made. */
  readonly mine: VersionHash;
  readonly merge: FileContent;
}

/** What a commit may ask for. */
export type CommittedPlan = RemoteOperation | MergeOperation;

/** A remote operation, and the version that the plan saw: a later one must not be overwritten by what was planned before it came. [RC76] */
export interface PlannedChange {
  readonly plan: CommittedPlan;
  readonly baseVersionId: VersionId | null;
}

interface WireContext {
  readonly manifests: ManifestStore;
  readonly clock: Clock;
  readonly state: Pick<StateStore, "conflictBases" | "remote">;
}

/** What to ask of the server, from what is known now; undefined when the plan no longer fits. */
export function toWire(
  { manifests, clock, state }: WireContext,
  { plan, baseVersionId }: PlannedChange,
  local: LocalRecord | undefined,
): CommitOperation | undefined {
  const { id } = plan;
  switch (plan.do) {
    case "create_remote":
      return toCreation({ manifests, clock, state }, plan, local);
    case "edit_remote": {
      const base = baseVersionId;
      if (!local || local.content === "unknown" || base === null) return undefined;
      if (local.type === "link")
        return {
          op: "edit_link",
          id,
          base_version_id: base,
          link_target: local.linkTarget ?? "",
          modified: formatTimestamp(clock.nowMs()),
        };
      const content = contentOf(manifests, local);
      return content && { op: "edit_file", id, base_version_id: base, content };
    }
    case "merge_remote": {
      if (!local || local.content === "unknown" || local.contentHash !== plan.mine || baseVersionId === null)
        return undefined;
      const [mine, content] = [contentOf(manifests, local), contentOf(manifests, plan.merge)];
      const merged = mine && { base_version_id: plan.commonVersionId, content: mine };
      return merged && content && { op: "merge_file", id, base_version_id: baseVersionId, content, merged };
    }
    case "touch_remote":
      return { op: "touch", id, modified: formatTimestamp(plan.modifiedMs), executable: plan.executable };
    case "move_remote": {
      // A copy that the server knows as one, and a person renamed, is to be a copy no more.
      const isNews = local && local.conflictOf !== null && local.conflictOf !== state.remote.find(id)?.conflictOf;
      const mark = isNews ? { conflict_of: local.conflictOf } : {};
      return {
        op: "move",
        id,
        parent_id: plan.place.parentId,
        name: plan.place.name,
        base_parent_id: plan.base.parentId,
        base_name: plan.base.name,
        ...mark,
      };
    }
    case "delete_remote":
      return { op: "delete", id };
  }
}

/** A conflicted copy is sent with what it is a copy of, and with the version that both sides were made from. [EN113] */
function toCreation(
  { manifests, clock, state }: WireContext,
  { id, place: { parentId, name } }: RemoteOperation & { readonly do: "create_remote" },
  local: LocalRecord | undefined,
): CommitOperation | undefined {
  if (!local || local.content === "unknown") return undefined;
  const place = { id, parent_id: parentId, name };
  const mark = local.conflictOf === null ? {} : { conflict_of: local.conflictOf };
  if (local.type === "folder") return { op: "create_folder", ...place, ...mark };
  if (local.type === "link")
    return {
      op: "create_link",
      ...place,
      ...mark,
      link_target: local.linkTarget ?? "",
      modified: formatTimestamp(clock.nowMs()),
    };
  const content = contentOf(manifests, local);
  const base = local.conflictOf === null ? undefined : state.conflictBases.find(id);
  return (
    content && { op: "create_file", ...place, ...mark, ...(base !== undefined && { conflict_base: base }), content }
  );
}

function contentOf(
  manifests: ManifestStore,
  { contentHash, sizeBytes, modifiedMs, executable }: FileContent | LocalRecord,
): CommittedContent | undefined {
  const packed = contentHash === null ? undefined : manifests.findPacked(contentHash);
  if (!packed || contentHash === null) return undefined;
  return {
    version_hash: contentHash,
    size: sizeBytes,
    chunks: Buffer.from(packed).toString("base64"),
    modified: formatTimestamp(modifiedMs),
    executable,
  };
}

import { Buffer } from "node:buffer";
import { formatTimestamp, type CommitOperation, type VersionId } from "@satchel/protocol";
import type { RemoteOperation } from "@satchel/reconcile";
import type { Clock } from "../ports/clock.ts";
import type { ManifestStore } from "../state/manifest-store.ts";
import type { LocalRecord } from "../state/state-store.ts";

/** A remote operation, and the version that the plan saw: a later one must not be overwritten by what was planned before it came. [RC76] */
export interface PlannedChange {
  readonly plan: RemoteOperation;
  readonly baseVersionId: VersionId | null;
}

/** What to ask of the server, from what is known now; undefined when the plan no longer fits. */
export function toWire(
  { manifests, clock }: { readonly manifests: ManifestStore; readonly clock: Clock },
  { plan, baseVersionId }: PlannedChange,
  local: LocalRecord | undefined,
): CommitOperation | undefined {
  const { id } = plan;
  switch (plan.do) {
    case "create_remote": {
      if (!local || local.content === "unknown") return undefined;
      const place = { id, parent_id: plan.place.parentId, name: plan.place.name };
      const mark = local.conflictOf === null ? {} : { conflict_of: local.conflictOf };
      if (local.type === "folder") return { op: "create_folder", ...place };
      if (local.type === "link")
        return {
          op: "create_link",
          ...place,
          ...mark,
          link_target: local.linkTarget ?? "",
          modified: formatTimestamp(clock.nowMs()),
        };
      const content = contentOf(manifests, local);
      return content && { op: "create_file", ...place, ...mark, content };
    }
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
    case "touch_remote":
      return { op: "touch", id, modified: formatTimestamp(plan.modifiedMs), executable: plan.executable };
    case "move_remote": {
      const mark = local && local.conflictOf !== null ? { conflict_of: local.conflictOf } : {};
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

function contentOf(manifests: ManifestStore, local: LocalRecord) {
  const packed = local.contentHash === null ? undefined : manifests.findPacked(local.contentHash);
  if (!packed || local.contentHash === null) return undefined;
  return {
    version_hash: local.contentHash,
    size: local.sizeBytes,
    chunks: Buffer.from(packed).toString("base64"),
    modified: formatTimestamp(local.modifiedMs),
    executable: local.executable,
  };
}

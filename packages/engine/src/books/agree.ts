import type { EntryId } from "@satchel/protocol";
import type { SyncedItem } from "@satchel/reconcile";
import type { RemoteRecord, StateStore } from "../state/state-store.ts";

/** What of an entry both sides are known to have had alike. */
export type AgreedAspect = "all" | "place" | "content" | "attributes";

/**
 * Writes into the common base what both sides had alike a moment ago, whatever either has by now: content that was committed, or fetched and put in place, is the base of all
 * that is done to it since. What the base says already is not written again.
 *
 * Who agreed on a place or on attributes has not had the content for that: without a base there is still none, and the base of another content stays that of its version. Otherwise an edit that this device
 * never had would look like one that it knew when it deleted the file, or wrote over it. [EN94]
 */
export function agree(state: StateStore, id: EntryId, agreed: RemoteRecord, aspect: AgreedAspect): void {
  const { parentId, name, type, contentHash, sizeBytes, modifiedMs, executable, linkTarget, versionId } = agreed;
  const place = { parentId, name };
  const attributes = { modifiedMs, executable };
  const content = { contentHash, sizeBytes, linkTarget, versionId, ...attributes };
  const base = state.synced.find(id);
  const write = (next: SyncedItem): void => {
    if (!base || !isSame(base, next)) state.synced.put(next);
  };
  if (aspect === "all" || (!base && aspect === "content")) write({ id, type, ...place, ...content });
  else if (base && aspect === "place") write({ ...base, ...place });
  else if (base && aspect === "content") write({ ...base, ...content });
  else if (base)
    write({ ...base, ...attributes, versionId: base.contentHash === contentHash ? versionId : base.versionId });
}

function isSame(a: SyncedItem, b: SyncedItem): boolean {
  return (
    a.versionId === b.versionId &&
    a.contentHash === b.contentHash &&
    a.parentId === b.parentId &&
    a.name === b.name &&
    a.modifiedMs === b.modifiedMs &&
    a.sizeBytes === b.sizeBytes &&
    a.executable === b.executable &&
    a.linkTarget === b.linkTarget &&
    a.type === b.type
  );
}

import type { EntryId } from "@satchel/protocol";
import type { RemoteRecord, StateStore } from "../state/state-store.ts";

/** What of an entry both sides are known to have had alike. */
export type AgreedAspect = "all" | "place" | "content" | "attributes";

/**
 * Writes into the common base what both sides had alike a moment ago, whatever either has by now: content that was committed, or fetched and put in place, is the base of all
 * that is done to it since.
 */
export function agree(state: StateStore, id: EntryId, agreed: RemoteRecord, aspect: AgreedAspect): void {
  const { parentId, name, type, contentHash, sizeBytes, modifiedMs, executable, linkTarget, versionId } = agreed;
  const place = { parentId, name };
  const attributes = { modifiedMs, executable, versionId };
  const content = { contentHash, sizeBytes, linkTarget, ...attributes };
  const base = state.synced.find(id);
  if (!base || aspect === "all") state.synced.put({ id, type, ...place, ...content });
  else if (aspect === "place") state.synced.put({ ...base, ...place });
  else if (aspect === "content") state.synced.put({ ...base, ...content });
  else state.synced.put({ ...base, ...attributes });
}

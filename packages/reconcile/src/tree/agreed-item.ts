import type { LocalItem, RemoteItem, SyncedItem } from "./item.ts";
import { isSameContent, placeOfItem } from "./compare.ts";
import { isSamePlace } from "./place.ts";

/**
 * What `agree` writes down: each aspect (place, content, time, mode) in which local and remote are equal becomes the common base, each other one keeps the base that it had. Agreeing
 * aspect by aspect lets a person move a file again while its content is still under way.
 *
 * @returns the same object as `synced` when nothing new is agreed on; undefined when there is no base yet and not all aspects are equal
 */
export function agreedItem(
  synced: SyncedItem | undefined,
  local: LocalItem,
  remote: RemoteItem,
): SyncedItem | undefined {
  const { id, type } = remote;
  const place = isSamePlace(placeOfItem(local), placeOfItem(remote));
  const isKnown = local.content === "known";
  const content = isKnown && isSameContent(local, remote);
  const time = isKnown && local.modifiedMs === remote.modifiedMs;
  const mode = isKnown && local.executable === remote.executable;
  if (synced === undefined && !(place && content && time && mode)) return undefined;
  const base = synced ?? remote;
  const placed = place ? remote : base;
  const filled = content ? remote : base;
  const agreed: SyncedItem = {
    id,
    type,
    parentId: placed.parentId,
    name: placed.name,
    contentHash: filled.contentHash,
    sizeBytes: filled.sizeBytes,
    linkTarget: filled.linkTarget,
    versionId: filled.versionId,
    modifiedMs: (time ? remote : base).modifiedMs,
    executable: (mode ? remote : base).executable,
  };
  return synced !== undefined && isSameBase(synced, agreed) ? synced : agreed;
}

function isSameBase(one: SyncedItem, other: SyncedItem): boolean {
  return (
    one.parentId === other.parentId &&
    one.name === other.name &&
    one.versionId === other.versionId &&
    isSameContent(one, other) &&
    one.modifiedMs === other.modifiedMs &&
    one.executable === other.executable
  );
}

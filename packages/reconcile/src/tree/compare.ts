import type { Item } from "./item.ts";
import type { Place } from "./place.ts";

/** Time and mode. */
export interface Attributes {
  readonly modifiedMs: number;
  readonly executable: boolean;
}

/** Undefined for the root alone. */
export function placeOfItem(item: Item): Place | undefined {
  return item.parentId === null ? undefined : { parentId: item.parentId, name: item.name };
}

/** By the hash; folders have none and are always the same. */
export function isSameContent(one: Item, other: Item): boolean {
  return one.contentHash === other.contentHash;
}

export function hasAttributes(item: Item, attributes: Attributes): boolean {
  return item.modifiedMs === attributes.modifiedMs && item.executable === attributes.executable;
}

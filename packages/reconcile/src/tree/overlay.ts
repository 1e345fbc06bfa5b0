import type { EntryId } from "@satchel/protocol";
import { placeOfItem } from "./compare.ts";
import type { Item } from "./item.ts";
import { isSamePlace, type Place } from "./place.ts";
import type { View } from "./view.ts";

/** A tree as it will be after the operations planned so far: what an operation must find free, existing, or not below itself is asked here. */
export interface Overlay {
  has(id: EntryId): boolean;
  /** Undefined for what is not there, and for the root. */
  placeOf(id: EntryId): Place | undefined;
  occupant(place: Place): EntryId | undefined;
  /** Whether an entry is a folder, or somewhere below it. */
  isWithin(id: EntryId, folderId: EntryId): boolean;
  put(id: EntryId, place: Place): void;
  remove(id: EntryId): void;
}

/** @param nameKey equal for names that can't be side by side in a folder; the tree's `findChild` must find by the same key */
export function overlayOf(view: View<Item>, nameKey: (name: string) => string): Overlay {
  const moved = new Map<EntryId, Place | undefined>();
  const taken = new Map<EntryId, Map<string, EntryId | undefined>>();

  const placeOf = (id: EntryId): Place | undefined => {
    if (moved.has(id)) return moved.get(id);
    const item = view.find(id);
    return item && placeOfItem(item);
  };
  const removed = new Set<EntryId>();
  const has = (id: EntryId): boolean => {
    if (removed.has(id) || (!moved.has(id) && view.find(id) === undefined)) return false;
    // What lay in a removed folder is gone along with it, without a word of its own.
    for (let at = removed.size > 0 ? placeOf(id) : undefined; at !== undefined; at = placeOf(at.parentId)) {
      if (removed.has(at.parentId)) return false;
    }
    return true;
  };
  const take = (place: Place, id: EntryId | undefined): void => {
    const names = taken.get(place.parentId) ?? new Map<string, EntryId | undefined>();
    names.set(nameKey(place.name), id);
    taken.set(place.parentId, names);
  };
  const leave = (id: EntryId): void => {
    const place = placeOf(id);
    if (place !== undefined && occupant(place) === id) take(place, undefined);
  };
  const occupant = (place: Place): EntryId | undefined => {
    const names = taken.get(place.parentId);
    const key = nameKey(place.name);
    if (names?.has(key)) return names.get(key);
    const child = view.findChild(place.parentId, place.name);
    return child !== undefined && isSamePlace(placeOf(child.id), placeOfItem(child)) ? child.id : undefined;
  };

  return {
    has,
    placeOf,
    occupant,
    isWithin: (id, folderId) => {
      for (let at: EntryId | undefined = id; at !== undefined; at = placeOf(at)?.parentId) {
        if (at === folderId) return true;
      }
      return false;
    },
    put: (id, place) => {
      leave(id);
      removed.delete(id);
      moved.set(id, place);
      take(place, id);
    },
    remove: (id) => {
      leave(id);
      removed.add(id);
      moved.set(id, undefined);
    },
  };
}

import type { EntryId } from "@satchel/protocol";
import { nameKey } from "../names/name-key.ts";
import type { NameRules } from "../names/name-rules.ts";
import type { StateStore } from "../state/state-store.ts";

/**
 * Names known in a folder which the disk takes for one of these, of those that nobody is known by. A file that was renamed over another spelling has that one's place, and a watcher may tell of either spelling only: one, or
 * both, is to be looked at. [EN120] (On such disks and for new names only.)
 */
export function namesakesOf(
  state: StateStore,
  rules: NameRules,
  { folderId, names }: { readonly folderId: EntryId; readonly names: Iterable<string> },
): string[] {
  if (!rules.foldsCase && rules.normalization === "kept") return [];
  const keyOf = keysBy(rules);
  const keys = new Set<string>();
  for (const name of names) if (name !== "" && !state.local.findChild(folderId, name)) keys.add(keyOf(name));
  return keys.size === 0 ? [] : state.localNames.find(state.local, { folderId, keys, keyOf });
}

const keyFunctions = new WeakMap<NameRules, (name: string) => string>();

/** The same function for the same rules: by it, names are known to be gathered already. */
function keysBy(rules: NameRules): (name: string) => string {
  let keyOf = keyFunctions.get(rules);
  if (!keyOf) keyFunctions.set(rules, (keyOf = (name) => nameKey(name, rules)));
  return keyOf;
}

import type { EntryId } from "@satchel/protocol";
import type { StateStore } from "../state/state-store.ts";

/** Where the server has an entry, from the root, with '/'; undefined when it has it no more, or not yet. */
export function remotePath({ remote, rootId }: StateStore, id: EntryId): string | undefined {
  const names: string[] = [];
  const passed = new Set<EntryId>();
  for (let at = id; at !== rootId;) {
    const item = remote.find(at);
    if (!item || item.parentId === null || passed.has(at)) return undefined;
    passed.add(at);
    names.push(item.name);
    at = item.parentId;
  }
  return names.toReversed().join("/");
}

/** Who is at a path: as this folder has it, else as the server has it. */
export function findAtPath({ local, remote, rootId }: StateStore, path: string): EntryId | undefined {
  const find = (tree: Pick<typeof local | typeof remote, "findChild">): EntryId | undefined => {
    let id: EntryId | undefined = rootId;
    for (const name of path.split("/")) if (name !== "") id = id && tree.findChild(id, name)?.id;
    return id;
  };
  return find(local) ?? find(remote);
}

import { decodeManifest, type Manifest } from "@satchel/chunking";
import { workspaceOfEntry, type EntryId, type VersionHash } from "@satchel/protocol";
import type { TreeStore } from "../../../storage/metadata/tree-store.ts";

/** Of these versions of files, those that are still the newest: what they consist of. Two questions for each workspace. */
export async function findContents(
  tree: Pick<TreeStore, "findLiving" | "manifests">,
  wanted: readonly { readonly id: EntryId; readonly content: VersionHash }[],
): Promise<ReadonlyMap<EntryId, Manifest>> {
  const contents = new Map(wanted.map(({ id, content }) => [id, content]));
  const living = contents.size === 0 ? [] : await tree.findLiving([...contents.keys()]);
  const current = living.flatMap(({ entry: { id, version_hash: hash, version_id: versionId } }) =>
    hash === contents.get(id) && versionId !== null ? [{ id, versionId }] : [],
  );
  const found = new Map<EntryId, Manifest>();
  for (const [workspaceId, versions] of Map.groupBy(current, ({ id }) => workspaceOfEntry(id))) {
    const packed = await tree.manifests(workspaceId, versions);
    for (const [index, { id }] of versions.entries()) {
      const chunks = packed[index];
      if (chunks) found.set(id, decodeManifest(chunks));
    }
  }
  return found;
}

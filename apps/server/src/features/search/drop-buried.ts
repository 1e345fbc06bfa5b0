import type { EntryId, WorkspaceId } from "@satchel/protocol";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { SearchIndex } from "../../storage/search/search-index.ts";

const childrenPerPage = 500;
/** Folders whose children are asked for at once. */
const foldersPerQuestion = 100;

/**
 * Drops what the index has below folders that hold nothing any more. What it believes to be there may have been moved away meanwhile, so each is looked up: only what is dead goes. (What comes alive later is told by the feed again.)
 */
export async function dropBuried(
  { index, metadata }: { readonly index: SearchIndex; readonly metadata: Pick<MetadataStore, "tree"> },
  workspaceId: WorkspaceId,
  roots: readonly { readonly id: EntryId }[],
  signal: AbortSignal,
): Promise<void> {
  const folders = roots.map(({ id }) => id);
  while (folders.length > 0 && !signal.aborted) {
    const parents = folders.splice(-foldersPerQuestion);
    for (let after: EntryId | undefined; !signal.aborted;) {
      const page = await index.listChildren({ workspaceId, parents, after, limit: childrenPerPage });
      const living = new Set((await metadata.tree.findLiving(page.map(({ id }) => id))).map(({ entry }) => entry.id));
      const dead = page.filter(({ id }) => !living.has(id));
      if (dead.length > 0) {
        await index.remove(
          workspaceId,
          dead.map(({ id }) => id),
        );
      }
      for (const { id, isFolder } of dead) if (isFolder) folders.push(id);
      after = page.at(-1)?.id;
      if (page.length < childrenPerPage) break;
    }
  }
}

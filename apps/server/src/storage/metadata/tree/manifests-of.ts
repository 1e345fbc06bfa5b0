import type { EntryId, VersionId, WorkspaceId } from "@satchel/protocol";
import { readManifests } from "../rows/read-manifests.ts";
import type { SqlSession } from "../sql/sql-database.ts";

/** See TreeStore.manifests. */
export async function manifestsOf(
  session: SqlSession,
  workspaceId: WorkspaceId,
  versions: readonly { readonly id: EntryId; readonly versionId: VersionId }[],
): Promise<(Uint8Array | undefined)[]> {
  const found = await readManifests(session, workspaceId, versions);
  return versions.map(({ versionId }) => found.get(versionId));
}

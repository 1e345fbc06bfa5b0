import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApiServer, maxSmallFileBytes, mergeBytes, receiveFile } from "@satchel/engine";
import {
  ProblemError,
  workspaceOfEntry,
  type ConflictedCopy,
  type EntryId,
  type VersionState,
} from "@satchel/protocol";
import type { Session } from "../../home/session.ts";

/**
 * Merges both sides of a conflict on the version that they were made from, which the server keeps with the copy, and hands the merge to `use` as a file that is there meanwhile. No other file takes part, whatever it is called. [CL75]
 *
 * @throws ProblemError bad_request for what can't be merged without guessing: it takes a person
 */
export async function withMerge<T>(
  session: Session,
  conflict: ConflictedCopy,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const { file_id: copyId, original_id: originalId, original_path: path, mine, theirs, base } = conflict;
  if (path === null || mine === null || theirs === null || base === null)
    throw cannotMerge("the version that both sides were made from isn't known");
  const folder = await mkdtemp(join(tmpdir(), "satchel-merge-"));
  try {
    const read = (id: EntryId, version: VersionState) => readVersion(session, { id, version, folder });
    const versions = {
      base: await read(originalId, base),
      mine: await read(copyId, mine),
      theirs: await read(originalId, theirs),
    };
    const merged = mergeBytes(path, versions);
    if (!merged) throw cannotMerge("both sides changed the same, or it is no text that is merged");
    const target = join(folder, "merged");
    await writeFile(target, merged);
    return await use(target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function cannotMerge(why: string): ProblemError {
  return new ProblemError("bad_request", `it can't be merged: ${why}. Merge it by hand and give the file with --with`);
}

/** Undefined for a version that is pruned, or too large to be merged. */
async function readVersion(
  { api }: Session,
  { id, version, folder }: { readonly id: EntryId; readonly version: VersionState; readonly folder: string },
): Promise<Uint8Array | undefined> {
  if (version.size > maxSmallFileBytes) return undefined;
  const workspaceId = workspaceOfEntry(id);
  const [packed] = await api.manifests({ workspaceId, versions: [{ id, version_id: version.version }] });
  if (packed == null) return undefined;
  const target = join(folder, version.version);
  const content = { packedChunks: Buffer.from(packed, "base64"), modifiedMs: Date.now(), executable: false };
  await receiveFile(createApiServer(api, workspaceId), content, target, { onProgress: () => undefined });
  return await readFile(target);
}

import type { ApiClient } from "@satchel/api-client";
import {
  workspaceOfEntry,
  type CommitOperation,
  type CommittedContent,
  type EntryId,
  type VersionId,
} from "@satchel/protocol";
import type { Entry } from "../files/entry.ts";
import { listFolder } from "../files/list-folder.ts";
import type { Workspaces } from "../files/workspaces.ts";
import { newEntryId, type Place } from "./change-tree.ts";
import { commitSteps, type Outcome, type Step } from "./outcome.ts";

/** The most versions whose chunk lists one request may ask for. */
const maxManifestsPerRequest = 256;

interface Copy {
  readonly entry: Entry;
  readonly id: EntryId;
  readonly to: Place;
}

/** Copies within a workspace, with all that is below: new entries of the same chunks, so that no byte travels. Undoing deletes them. */
export async function copyEntries(
  api: ApiClient,
  workspace: Workspaces,
  wanted: readonly { readonly entry: Entry; readonly to: Place }[],
): Promise<Outcome> {
  const top = wanted.map((copy) => ({ ...copy, id: newEntryId(copy.to.parentId) }));
  const copies = await withDescendants(api, top);
  const contents = await readContents(api, copies);
  const steps = copies.flatMap((copy) => copyStep(copy, contents));
  return commitSteps(workspace, steps, () => {
    const deletions = top.map(({ id, to }) => ({ name: to.name, operation: { op: "delete", id } as const }));
    return commitSteps(workspace, deletions, undefined);
  });
}

/** Parents before their children, as a commit wants them. */
async function withDescendants(api: ApiClient, top: readonly Copy[]): Promise<Copy[]> {
  const copies = [...top];
  for (const { entry, id } of copies) {
    if (entry.type !== "folder" || entry.mounts !== undefined) continue;
    for (const child of await listFolder(api, entry.id))
      copies.push({ entry: child, id: newEntryId(id), to: { parentId: id, name: child.name } });
  }
  return copies;
}

async function readContents(api: ApiClient, copies: readonly Copy[]): Promise<ReadonlyMap<EntryId, string>> {
  const files = copies.flatMap(({ entry }) =>
    entry.type === "file" && entry.latest_version ? [{ id: entry.id, version_id: entry.latest_version }] : [],
  );
  const contents = new Map<EntryId, string>();
  const [first] = files;
  if (!first) return contents;
  for (let at = 0; at < files.length; at += maxManifestsPerRequest) {
    const versions: { id: EntryId; version_id: VersionId }[] = files.slice(at, at + maxManifestsPerRequest);
    const manifests = await api.manifests({ workspaceId: workspaceOfEntry(first.id), versions });
    versions.forEach(({ id }, index) => {
      const packed = manifests[index];
      if (packed != null) contents.set(id, packed);
    });
  }
  return contents;
}

function copyStep({ entry, id, to }: Copy, contents: ReadonlyMap<EntryId, string>): Step[] {
  const operation = copyOperation({ entry, id, to }, contents.get(entry.id));
  return operation ? [{ name: entry.name, operation }] : [];
}

/** Undefined for what was changed or deleted while it was read: it is as if it had been before the copy. */
function copyOperation({ entry, id, to }: Copy, chunks: string | undefined): CommitOperation | undefined {
  const place = { id, parent_id: to.parentId, name: to.name };
  // A shared folder inside has its own members: it stays theirs.
  if (entry.mounts !== undefined) return undefined;
  if (entry.type === "folder") return { op: "create_folder", ...place };
  if (entry.modified === null) return undefined;
  if (entry.type === "link")
    return entry.link_target === null
      ? undefined
      : { op: "create_link", ...place, link_target: entry.link_target, modified: entry.modified };
  if (chunks === undefined || entry.version_hash === null) return undefined;
  const content: CommittedContent = {
    version_hash: entry.version_hash,
    size: entry.size,
    chunks,
    modified: entry.modified,
    executable: entry.executable,
  };
  return { op: "create_file", ...place, content };
}

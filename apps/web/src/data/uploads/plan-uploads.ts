import type { CommitOperation, EntryId } from "@satchel/protocol";
import { contentsOf, type Entry } from "../files/entry.ts";
import { freeName } from "../commands/free-name.ts";
import type { DroppedFolder } from "./dropped-tree.ts";
import type { WantedUpload } from "./upload-queue.ts";

/** What to do where a name is taken. */
export type ClashAnswer = "replace" | "keep_both" | "skip";

export interface Clash {
  readonly name: string;
  readonly existing: Entry;
}

/** What a drop comes to: folders to create, parents first, and files to send. */
export interface UploadPlan {
  readonly folders: readonly CommitOperation[];
  readonly uploads: readonly WantedUpload[];
}

export interface PlanOptions {
  /** For something in this folder. */
  readonly newId: (parentId: EntryId) => EntryId;
  /** What a folder holds now. */
  readonly list: (folderId: EntryId) => Promise<readonly Entry[]>;
  /** Asked for each file whose name is taken. */
  readonly answer: (clash: Clash) => Promise<ClashAnswer>;
}

/** Dropped folders merge into folders of their names. Nothing is replaced unless the person said so. */
export async function planUploads(
  dropped: DroppedFolder,
  folderId: EntryId,
  options: PlanOptions,
): Promise<UploadPlan> {
  const folders: CommitOperation[] = [];
  const uploads: WantedUpload[] = [];

  async function visit(tree: DroppedFolder, id: EntryId, existing: readonly Entry[]): Promise<void> {
    const byName = new Map(existing.map((entry) => [entry.name, entry]));
    const taken = new Set(byName.keys());
    for (const [name, file] of tree.files) {
      const upload = await planFile({ name, file, folderId: id, existing: byName.get(name), taken }, options);
      if (upload) uploads.push(upload);
    }
    for (const [name, child] of tree.folders) {
      const there = byName.get(name);
      if (there?.type === "folder") await visit(child, contentsOf(there), await options.list(contentsOf(there)));
      else {
        const childId = options.newId(id);
        const free = freeName(name, taken);
        taken.add(free);
        folders.push({ op: "create_folder", id: childId, parent_id: id, name: free });
        await visit(child, childId, []);
      }
    }
  }

  await visit(dropped, folderId, await options.list(folderId));
  return { folders, uploads };
}

interface PlannedFile {
  readonly name: string;
  readonly file: File;
  readonly folderId: EntryId;
  readonly existing: Entry | undefined;
  readonly taken: Set<string>;
}

async function planFile(
  { name, file, folderId, existing, taken }: PlannedFile,
  options: PlanOptions,
): Promise<WantedUpload | undefined> {
  const create = (free: string): WantedUpload => {
    taken.add(free);
    const target = { kind: "create", id: options.newId(folderId), parentId: folderId, name: free } as const;
    return { file, name: free, folderId, target };
  };
  if (!existing) return create(freeName(name, taken));
  const answer = await options.answer({ name, existing });
  if (answer === "skip") return undefined;
  if (answer === "replace" && existing.type === "file" && existing.latest_version) {
    return { file, name, folderId, target: { kind: "edit", id: existing.id, baseVersionId: existing.latest_version } };
  }
  return create(freeName(name, taken));
}

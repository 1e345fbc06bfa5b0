import { reopenFile } from "./file-handles.ts";
import type { RememberedUpload } from "./upload-memory.ts";
import type { WantedUpload } from "./upload-queue.ts";

/** What came of going on with uploads that a page left behind. */
export interface Continued {
  readonly wanted: readonly WantedUpload[];
  /** For these the files have to be picked again. */
  readonly still: readonly RememberedUpload[];
}

/** Goes on with those whose files the browser can open again by itself. Only while a click is being handled: it may ask. */
export async function reopenUploads(left: readonly RememberedUpload[]): Promise<Continued> {
  const wanted: WantedUpload[] = [];
  const still: RememberedUpload[] = [];
  for (const upload of left) {
    const file = upload.handle && (await reopenFile(upload.handle));
    if (file) wanted.push(wantedOf(upload, file));
    else still.push(upload);
  }
  return { wanted, still };
}

/** Goes on with those whose files were picked again: by their paths, or by names where they were picked one by one this time. */
export function matchPicked(left: readonly RememberedUpload[], files: Iterable<File>): Continued {
  const byPath = new Map<string, File>();
  const byName = new Map<string, File>();
  for (const file of files) {
    byPath.set(file.webkitRelativePath || file.name, file);
    byName.set(file.name, file);
  }
  const wanted: WantedUpload[] = [];
  const still: RememberedUpload[] = [];
  for (const upload of left) {
    const isAlone = !upload.path.includes("/");
    const file = byPath.get(upload.path) ?? (isAlone ? undefined : sameSize(byName.get(nameOf(upload.path)), upload));
    if (file) wanted.push(wantedOf(upload, file));
    else still.push(upload);
  }
  return { wanted, still };
}

/** Two folders may have files of one name: only one of the right size is taken for it. */
function sameSize(file: File | undefined, { sizeBytes }: RememberedUpload): File | undefined {
  return file?.size === sizeBytes ? file : undefined;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function wantedOf({ name, folderId, target }: RememberedUpload, file: File): WantedUpload {
  return { file, name, folderId, target };
}

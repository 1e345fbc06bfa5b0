import { keepHandle } from "./file-handles.ts";

/** What a person dropped or picked: files and folders, empty ones too. */
export interface DroppedFolder {
  readonly folders: Map<string, DroppedFolder>;
  readonly files: Map<string, File>;
}

export function emptyFolder(): DroppedFolder {
  return { folders: new Map(), files: new Map() };
}

/** The tree of a drop. Its entries must be taken from the event at once: they are gone when its handler has returned. */
export async function readDrop(items: DataTransferItemList): Promise<DroppedFolder> {
  const dropped = [...items].flatMap((item) => {
    const entry = item.kind === "file" ? item.webkitGetAsEntry() : null;
    return entry ? [{ entry, handle: handleOfItem(item) }] : [];
  });
  const root = emptyFolder();
  await Promise.all(
    dropped.map(async ({ entry, handle }) => {
      const known = await handle;
      await (known ? addHandle(root, known) : addEntry(root, entry));
    }),
  );
  return root;
}

type Handle = FileSystemFileHandle | FileSystemDirectoryHandle;

/** With a handle a file can be opened again after a reload. Where the browser has none, it gives an entry. */
async function handleOfItem(item: DataTransferItem): Promise<Handle | undefined> {
  const asking = item as { getAsFileSystemHandle?: () => Promise<Handle | null> };
  return (await asking.getAsFileSystemHandle?.call(item).catch(() => null)) ?? undefined;
}

async function addHandle(folder: DroppedFolder, handle: Handle): Promise<void> {
  if (handle.kind === "file") {
    folder.files.set(handle.name, keepHandle(await handle.getFile(), handle));
    return;
  }
  const child = childFolder(folder, handle.name);
  for await (const inside of handle.values()) await addHandle(child, inside);
}

/** The tree of a picked folder (`webkitRelativePath`), or of picked files. */
export function treeOfFiles(files: Iterable<File>): DroppedFolder {
  const root = emptyFolder();
  for (const file of files) {
    const path = file.webkitRelativePath === "" ? [file.name] : file.webkitRelativePath.split("/");
    let folder = root;
    for (const name of path.slice(0, -1)) folder = childFolder(folder, name);
    folder.files.set(path.at(-1) ?? file.name, file);
  }
  return root;
}

async function addEntry(folder: DroppedFolder, entry: FileSystemEntry): Promise<void> {
  if (isDirectory(entry)) {
    const child = childFolder(folder, entry.name);
    for (const inside of await readDirectory(entry)) await addEntry(child, inside);
  } else if (isFile(entry)) folder.files.set(entry.name, await fileOf(entry));
}

function childFolder(folder: DroppedFolder, name: string): DroppedFolder {
  const known = folder.folders.get(name);
  if (known) return known;
  const child = emptyFolder();
  folder.folders.set(name, child);
  return child;
}

/** A reader gives some entries at a time (Chromium: 100), and none at the end. */
async function readDirectory(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return entries;
    entries.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

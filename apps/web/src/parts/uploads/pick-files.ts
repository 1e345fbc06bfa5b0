import { keepHandle } from "../../data/uploads/file-handles.ts";

/** Chromium's picker, whose files can be opened again after a reload; the types of the platform don't know it yet. */
type HandlePicker = (options: { readonly multiple: true }) => Promise<FileSystemFileHandle[]>;

/** Asks for files, or for a folder. Nothing is called back when the person changes their mind. */
export function pickFiles(folder: boolean, onFiles: (files: Iterable<File>) => void): void {
  const { showOpenFilePicker } = globalThis as { readonly showOpenFilePicker?: HandlePicker };
  if (folder || !showOpenFilePicker) return pickByInput(folder, onFiles);
  showOpenFilePicker({ multiple: true })
    .then((handles) => Promise.all(handles.map(async (handle) => keepHandle(await handle.getFile(), handle))))
    .then(onFiles)
    .catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === "AbortError")) reportError(error);
    });
}

/** The picker that every browser has. For folders the only one: Chromium's own refuses some, such as a person's documents. */
export function pickByInput(folder: boolean, onFiles: (files: Iterable<File>) => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.webkitdirectory = folder;
  input.addEventListener("change", () => {
    if (input.files) onFiles(input.files);
  });
  input.click();
}

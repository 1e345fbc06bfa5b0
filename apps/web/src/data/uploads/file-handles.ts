/** Handles of files, where the browser gives them: with one, a file can be opened again after the page was left, without being picked anew. */
const handles = new WeakMap<File, FileSystemFileHandle>();

export function keepHandle(file: File, handle: FileSystemFileHandle): File {
  handles.set(file, handle);
  return file;
}

export function handleOf(file: File): FileSystemFileHandle | undefined {
  return handles.get(file);
}

/** A handle as Chromium has it: the types of the platform stop at what all browsers have. */
interface AskingHandle extends FileSystemFileHandle {
  queryPermission?(wanted: { readonly mode: "read" }): Promise<PermissionState>;
  requestPermission?(wanted: { readonly mode: "read" }): Promise<PermissionState>;
}

/** The file of a handle, after the person was asked if need be; undefined where they refused, or it is gone. Only while a click is being handled. */
export async function reopenFile(handle: AskingHandle): Promise<File | undefined> {
  const wanted = { mode: "read" } as const;
  try {
    const known = await handle.queryPermission?.(wanted);
    if (known === "prompt" && (await handle.requestPermission?.(wanted)) !== "granted") return undefined;
    return keepHandle(await handle.getFile(), handle);
  } catch {
    return undefined;
  }
}

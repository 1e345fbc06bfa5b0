import type { EntryId, WorkspaceId } from "@satchel/protocol";
import type { UploadTarget } from "./worker-messages.ts";

/** An upload as it is remembered beyond the page: all but the bytes. */
export interface RememberedUpload {
  readonly key: string;
  /** The page that had it. */
  readonly page: string;
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  /** As it was picked: with the folders above it, if it was part of one. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly folderId: EntryId;
  readonly target: UploadTarget;
  readonly handle: FileSystemFileHandle | undefined;
}

const databaseName = "satchel.uploads";
const storeName = "uploads";
/** How long a page that was just left, or reloaded, may take to end. */
const leavingMs = 3000;

/** What this browser has not finished uploading, kept in its database. Where there is none, nothing is remembered. */
export class UploadMemory {
  /** This page, among all that share the database. */
  readonly page = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16)).join("-");
  readonly #database: Promise<IDBDatabase | undefined> = openDatabase().catch(() => undefined);

  constructor() {
    // Held until the page is gone, so that others see that these uploads still go on. Plain HTTP has no locks.
    holdLock(lockOf(this.page)).catch(() => undefined);
  }

  async remember(uploads: readonly RememberedUpload[]): Promise<void> {
    await this.#change((store) => {
      for (const upload of uploads) store.put(upload);
    });
  }

  async forget(keys: readonly string[]): Promise<void> {
    await this.#change((store) => {
      for (const key of keys) store.delete(key);
    });
  }

  /** Uploads of pages that are gone. */
  async left(workspaceId: WorkspaceId): Promise<RememberedUpload[]> {
    const database = await this.#database;
    if (!database) return [];
    const request = database.transaction(storeName).objectStore(storeName).getAll();
    const all = (await finished(request)) as RememberedUpload[];
    const others = all.filter((upload) => upload.workspaceId === workspaceId && upload.page !== this.page);
    const pages = new Set(others.map(({ page }) => page));
    const gone = new Set<string>();
    await Promise.all([...pages].map(async (page) => ((await isGone(page)) ? gone.add(page) : undefined)));
    return others.filter(({ page }) => gone.has(page));
  }

  async #change(work: (store: IDBObjectStore) => void): Promise<void> {
    const database = await this.#database;
    if (!database) return;
    const transaction = database.transaction(storeName, "readwrite");
    work(transaction.objectStore(storeName));
    await new Promise<void>((resolve) => {
      transaction.addEventListener("complete", () => resolve());
      // A full disk: the uploads go on, and aren't remembered.
      transaction.addEventListener("abort", () => resolve());
    });
  }
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(databaseName, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(storeName, { keyPath: "key" }));
  return finished(request);
}

function finished<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("the database refused")));
  });
}

function lockOf(page: string): string {
  return `satchel.uploads.${page}`;
}

/** Plain HTTP has no locks, whatever the types say. */
function locks(): LockManager | undefined {
  return (navigator as { readonly locks?: LockManager }).locks;
}

async function holdLock(name: string): Promise<void> {
  await locks()?.request(name, () => new Promise<never>(() => {}));
}

async function isGone(page: string): Promise<boolean> {
  try {
    await locks()?.request(lockOf(page), { signal: AbortSignal.timeout(leavingMs) }, () => undefined);
    return true;
  } catch {
    return false;
  }
}

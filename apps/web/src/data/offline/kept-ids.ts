import type { EntryId } from "@satchel/protocol";
import { basePath } from "../base-path.ts";

const storageKey = `satchel.kept${basePath}`;

/** Whether this browser can keep files: it can on HTTPS, and on this machine. */
export function canKeepFiles(): boolean {
  return "caches" in globalThis && "serviceWorker" in navigator;
}

/** The files that are kept in this browser, to be read without the server. */
export function keptIds(): ReadonlySet<EntryId> {
  return new Set(parseIds(localStorage.getItem(storageKey)));
}

export function rememberKept(ids: ReadonlySet<EntryId>): void {
  if (ids.size === 0) localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, JSON.stringify([...ids]));
}

/** Whatever isn't a list counts as none: a page that can't start because of its own storage would be worse. */
function parseIds(text: string | null): EntryId[] {
  try {
    const ids: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(ids) ? (ids as EntryId[]) : [];
  } catch {
    return [];
  }
}

import type { ApiClient } from "@satchel/api-client";
import type { EntryId, VersionId } from "@satchel/protocol";
import { basePath, serverUrl } from "../base-path.ts";
import type { Entry } from "../files/entry.ts";
import { keptIds, rememberKept } from "./kept-ids.ts";

/** The largest file that is kept: it is in memory on its way. */
const maxKeptBytes = 256 * 1024 * 1024;
const cacheName = `satchel-kept${basePath}`;
/** What a kept file is, beside its bytes. */
const entryHeader = "x-satchel-entry";
/** Never a type that a browser would run, whatever the file holds. */
const plainBytes = "application/octet-stream";

/** Addresses of kept files that were handed out, by id and version. */
const addresses = new Map<string, string>();

/** Keeps a file's newest version in this browser, with all that the app needs to show it. @throws OfflineError, ProblemError, or an Error when there is no room */
export async function keepFile(api: Pick<ApiClient, "contentUrl">, entry: Entry): Promise<void> {
  if (entry.size > maxKeptBytes) throw new Error("the file is too large to be kept");
  const url = await api.contentUrl({
    fileId: entry.id,
    ...(entry.latest_version && { versionId: entry.latest_version }),
  });
  const answer = await fetch(url);
  const bytes = await answer.blob();
  if (!answer.ok || bytes.size !== entry.size)
    throw new Error(`the content of a file came incomplete (${answer.status})`);
  const cache = await caches.open(cacheName);
  const headers = { [entryHeader]: encodeURIComponent(JSON.stringify(entry)), "content-type": plainBytes };
  await cache.put(placeOf(entry.id), new Response(bytes, { headers }));
  rememberKept(keptIds().union(new Set([entry.id])));
  await keepApp();
}

export async function dropFile(id: EntryId): Promise<void> {
  rememberKept(keptIds().difference(new Set([id])));
  await (await caches.open(cacheName)).delete(placeOf(id));
}

/** Those that are kept, by name. */
export async function keptFiles(): Promise<Entry[]> {
  const cache = await caches.open(cacheName);
  const answers = await Promise.all((await cache.keys()).map((request) => cache.match(request)));
  return answers
    .flatMap((answer) => (answer ? [entryOf(answer)] : []))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

/** An address of this page's own for a kept file's bytes; undefined where that version isn't kept. */
export async function keptAddress(file: {
  readonly fileId: EntryId;
  readonly versionId?: VersionId | undefined;
}): Promise<string | undefined> {
  const answer = await (await caches.open(cacheName)).match(placeOf(file.fileId));
  if (!answer) return undefined;
  const { id, latest_version: version } = entryOf(answer);
  if (file.versionId !== undefined && file.versionId !== version) return undefined;
  const key = `${id} ${version ?? ""}`;
  const known = addresses.get(key) ?? URL.createObjectURL(new Blob([await answer.blob()], { type: plainBytes }));
  addresses.set(key, known);
  return known;
}

/** Forgets all of it: whoever uses this browser next must not find it. */
export async function forgetKept(): Promise<void> {
  rememberKept(new Set());
  await caches.delete(cacheName);
}

/** Fetches what the app consists of, so that the service worker has it. */
export async function keepApp(): Promise<void> {
  await navigator.serviceWorker.register(`${serverUrl}/sw.js`, { updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage("keep the app");
}

function placeOf(id: EntryId): string {
  return `${serverUrl}/kept/${encodeURIComponent(id)}`;
}

function entryOf(answer: Response): Entry {
  return JSON.parse(decodeURIComponent(answer.headers.get(entryHeader) ?? "null")) as Entry;
}

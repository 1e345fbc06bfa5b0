import type { ApiClient } from "@satchel/api-client";
import type { EntryId, VersionId } from "@satchel/protocol";
import { serverUrl } from "../base-path.ts";
import { extensionOf, type Entry } from "../files/entry.ts";
import { keptIds, rememberKept } from "./kept-ids.ts";
import { keptCacheName, keptOwner } from "./kept-owner.ts";

/** The largest file that is kept: it is in memory on its way. */
const maxKeptBytes = 256 * 1024 * 1024;
/** Each is asked about whenever the app is opened. */
export const maxKeptFiles = 500;
/** What a kept file is, beside its bytes. */
const entryHeader = "x-satchel-entry";
/** Never a type that a browser would run, whatever the file holds. */
const plainBytes = "application/octet-stream";

/** Addresses of kept files that were handed out, by id and version. */
const addresses = new Map<string, string>();

type Contents = Pick<ApiClient, "contentUrl">;

/** Keeps a file's newest version in this browser, with all that the app needs to show it. @throws OfflineError, ProblemError, or an Error when there is no room */
export async function keepFile(api: Contents, entry: Entry): Promise<void> {
  const ids = keptIds();
  if (!ids.has(entry.id) && ids.size >= maxKeptFiles) throw new Error("too many files are kept");
  const owner = keptOwner();
  const isKept = await store(api, entry, () => keptOwner() === owner);
  if (!isKept) throw new Error("the login ended while a file was on its way");
  rememberKept(keptIds().union(new Set([entry.id])));
  await keepApp();
}

/** Brings a kept file up to date, unless it is no longer to be kept. @throws as {@link keepFile} */
export async function renewFile(api: Contents, entry: Entry): Promise<void> {
  const owner = keptOwner();
  await store(api, entry, () => keptOwner() === owner && keptIds().has(entry.id));
}

export async function dropFile(id: EntryId): Promise<void> {
  rememberKept(keptIds().difference(new Set([id])));
  await (await caches.open(keptCacheName)).delete(placeOf(id));
}

/** Those that are kept, by name. */
export async function keptFiles(): Promise<Entry[]> {
  const cache = await caches.open(keptCacheName);
  const answers = await Promise.all([...keptIds()].map((id) => cache.match(placeOf(id))));
  return answers
    .flatMap((answer) => (answer ? [entryOf(answer)] : []))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

/** An address of this page's own for a kept file's bytes; undefined where that version isn't kept. */
export async function keptAddress(file: {
  readonly fileId: EntryId;
  readonly versionId?: VersionId | undefined;
  readonly disposition?: "attachment" | "inline";
}): Promise<string | undefined> {
  const answer = await (await caches.open(keptCacheName)).match(placeOf(file.fileId));
  if (!answer) return undefined;
  const entry = entryOf(answer);
  const { id, latest_version: version } = entry;
  if (file.versionId !== undefined && file.versionId !== version) return undefined;
  if (file.disposition === "inline" && !showsAsBytes(entry)) return undefined;
  const key = `${id} ${version ?? ""}`;
  const known = addresses.get(key) ?? URL.createObjectURL(new Blob([await answer.blob()], { type: plainBytes }));
  addresses.set(key, known);
  return known;
}

/** Browsers know pictures by their bytes, but drawings by their type alone: theirs could carry scripts. */
export function showsAsBytes({ name }: Pick<Entry, "name">): boolean {
  return extensionOf(name) !== "svg";
}

/** Fetches what the app consists of, so that the service worker has it. */
export async function keepApp(): Promise<void> {
  await navigator.serviceWorker.register(`${serverUrl}/sw.js`, { updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage("keep the app");
}

/** Whether it is kept: it may be wanted no more when its bytes are there, because somebody signed out meanwhile, perhaps in another tab. */
async function store(api: Contents, entry: Entry, isWanted: () => boolean): Promise<boolean> {
  if (entry.size > maxKeptBytes) throw new Error("the file is too large to be kept");
  const url = await api.contentUrl({
    fileId: entry.id,
    ...(entry.latest_version && { versionId: entry.latest_version }),
  });
  const answer = await fetch(url);
  const bytes = await answer.blob();
  if (!answer.ok || bytes.size !== entry.size)
    throw new Error(`the content of a file came incomplete (${answer.status})`);
  if (!isWanted()) return false;
  const cache = await caches.open(keptCacheName);
  const headers = { [entryHeader]: encodeURIComponent(JSON.stringify(entry)), "content-type": plainBytes };
  await cache.put(placeOf(entry.id), new Response(bytes, { headers }));
  if (isWanted()) return true;
  await cache.delete(placeOf(entry.id));
  return false;
}

function placeOf(id: EntryId): string {
  return `${serverUrl}/kept/${encodeURIComponent(id)}`;
}

function entryOf(answer: Response): Entry {
  return JSON.parse(decodeURIComponent(answer.headers.get(entryHeader) ?? "null")) as Entry;
}

import { createHmac, timingSafeEqual } from "node:crypto";
import {
  isRootEntry,
  ProblemError,
  rootEntryId,
  workspaceOfEntry,
  type EntryId,
  type EntryState,
} from "@satchel/protocol";
import type { StoredLink } from "../../storage/metadata/link-store.ts";
import type { FoundEntry, FolderPage } from "../../storage/metadata/tree-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import { currentOrigin } from "../audit/request-origin.ts";
import type { Archive } from "../archive/archive.ts";
import type { ZipStream } from "../archive/zip-stream.ts";
import type { FileContent } from "../files/content.ts";
import type { PreviewSize } from "../previews/preview-size.ts";
import type { Preview, Previews } from "../previews/previews.ts";
import { inlineTypeOf } from "../files/inline-type.ts";
import { networkOf } from "../rate-limit/rate-limits.ts";
import { isPictured } from "./link-looks.ts";
import { callerOfLink, hashToken, linkPageEntries, type LinkParts } from "./links.ts";

/** How long a password that was given once is good for. */
export const linkPassMs = 12 * 3600 * 1000;

/** A link that is good now. */
export interface OpenLink {
  readonly link: StoredLink;
  readonly tokenHash: string;
  readonly caller: Caller;
  readonly entry: EntryState;
}

/** What whoever has a link does with it. */
export interface LinkVisits {
  /** `pass`: of {@link unlock}. @throws not_found for a link that isn't, isn't yet, or is no more, and for one whose maker may not read that any more */
  open(token: string, pass: string | undefined): Promise<OpenLink | "locked">;
  /** A pass for whoever knows the password; undefined for another. @throws not_found, too_many_requests */
  unlock(token: string, password: string): Promise<string | undefined>;
  /** What is in the link's folder, or in one below it. @throws not_found */
  list(link: OpenLink, folderId: EntryId | undefined, after: string | undefined): Promise<FolderPage & FoundPlace>;
  /** The folder that takes files. @throws not_found for links that aren't for that */
  intake(link: OpenLink): Promise<EntryId>;
  /** What there is to know of a file, without its bytes. @throws not_found */
  entry(link: OpenLink, fileId: EntryId): Promise<EntryState>;
  /** The link's folder, or one below it, as one zip file; folders that are shared by themselves are left out. Counts as one download. @throws not_found, forbidden, limit_exceeded */
  archive(link: OpenLink, folderId: EntryId | undefined): Promise<ZipStream & { readonly name: string }>;
  /** What a file looks like, for those who may look at it. Counts as nothing. @throws not_found, unavailable */
  picture(link: OpenLink, fileId: EntryId, size: PreviewSize): Promise<Preview>;
  /** Counts as a download, a part of the file too. @throws not_found, forbidden where nothing is left to take, or nothing may be */
  file(link: OpenLink, fileId: EntryId): Promise<FileContent>;
}

interface FoundPlace {
  /** What the folder is called. */
  readonly name: string;
}

type VisitParts = LinkParts & {
  readonly archive: Pick<Archive, "ofFolder">;
  readonly previews: Pick<Previews, "open">;
};

export function createLinkVisits(parts: VisitParts): LinkVisits {
  return { ...entering(parts), ...showing(parts), ...giving(parts) };
}

function entering(parts: VisitParts): Pick<LinkVisits, "open" | "unlock"> {
  const { passwords, attempts, host } = parts;
  return {
    async open(token, pass) {
      const open = await findOpenLink(parts, hashToken(token));
      return open.link.passwordHash === null || isPass(parts, open.link, pass) ? open : "locked";
    },
    async unlock(token, password) {
      const { link } = await findOpenLink(parts, hashToken(token));
      if (link.passwordHash === null) return undefined;
      const network = networkOf(currentOrigin()?.address ?? "");
      const attempt = { subject: `link ${link.id}`, network, isKnown: false };
      await attempts.begin(attempt);
      if (!(await passwords.verify(link.passwordHash, password))) return undefined;
      await attempts.succeeded(attempt, null);
      const expiresAtMs = host.nowMs() + linkPassMs;
      return `${expiresAtMs}.${sealOf(parts, link, expiresAtMs)}`;
    },
  };
}

/** What is told, without the file's bytes. */
function showing(parts: VisitParts): Pick<LinkVisits, "intake" | "list" | "entry" | "picture"> {
  return {
    async intake(open) {
      if (open.link.kind !== "upload") throw noLink();
      return rootOf(parts, open);
    },
    async list(open, folderId, after) {
      const { id, name } = await folderOf(parts, open, folderId);
      const page = await parts.tree.listFolder({ folderId: id, after, limit: linkPageEntries });
      // A folder that is shared by itself has its own rules.
      return { ...page, entries: page.entries.filter(({ mounts }) => mounts === undefined), name };
    },
    async entry(open, fileId) {
      const { entry } = await within(parts, open, fileId);
      if (entry.type !== "file") throw noLink();
      return entry;
    },
    async picture(open, fileId, size) {
      const { entry } = await within(parts, open, fileId);
      if (!isPictured(open, entry.name)) throw noLink();
      return parts.previews.open(open.caller, { id: entry.id, versionId: undefined, size });
    },
  };
}

/** Bytes, which count. */
function giving(parts: VisitParts): Pick<LinkVisits, "file" | "archive"> {
  return {
    async file(open, fileId) {
      const { entry } = await within(parts, open, fileId);
      const isShown = open.link.kind === "view";
      if (isShown && inlineTypeOf(entry.name) === undefined)
        throw new ProblemError("forbidden", "this link only shows pictures, sound and video");
      const file = await parts.content.open(open.caller, { id: entry.id, versionId: undefined });
      if (!isShown) await takeDownload(parts, open);
      return file;
    },
    async archive(open, folderId) {
      if (open.link.kind !== "download") throw new ProblemError("forbidden", "this link gives no archive");
      const { id, name } = await folderOf(parts, open, folderId);
      const archive = await parts.archive.ofFolder(open.caller, { folderId: id, name });
      await takeDownload(parts, open);
      return { ...archive, name };
    },
  };
}

/** The place where the link's contents begin: of a mount, the shared folder's root. */
async function rootOf({ authorisation }: VisitParts, { entry, caller }: OpenLink): Promise<EntryId> {
  if (entry.mounts === undefined) return entry.id;
  await authorisation.requireWorkspace(caller, entry.mounts);
  return rootEntryId(entry.mounts);
}

/** Only what lies in the link's folder now, and nothing at all of one that only takes files. @throws not_found */
async function within(parts: VisitParts, open: OpenLink, id: EntryId): Promise<FoundEntry> {
  if (open.link.kind === "upload") throw noLink();
  const { tree } = parts;
  const root = await rootOf(parts, open);
  const found = workspaceOfEntry(id) === workspaceOfEntry(root) ? await tree.findEntry(id) : undefined;
  if (!found) throw noLink();
  if (id === root || isRootEntry(root)) return found;
  const above = await tree.pathOf(root);
  if (above === undefined || !found.path.startsWith(`${above}/`)) throw noLink();
  return found;
}

/** The link's folder, or one below it, and what it is called for whoever has the link. @throws not_found */
async function folderOf(
  parts: VisitParts,
  open: OpenLink,
  folderId: EntryId | undefined,
): Promise<{ readonly id: EntryId; readonly name: string }> {
  const { entry } = await within(parts, open, folderId ?? (await rootOf(parts, open)));
  if (entry.type !== "folder") throw noLink();
  return { id: entry.id, name: folderId === undefined ? open.entry.name : entry.name };
}

async function takeDownload({ links }: VisitParts, { tokenHash }: OpenLink): Promise<void> {
  if (!(await links.takeDownload(tokenHash)))
    throw new ProblemError("forbidden", "this link was used as often as it may be");
}

/** The link as it is now, whether or not it asks for a password. @throws not_found */
export async function findOpenLink(parts: LinkParts, tokenHash: string): Promise<OpenLink> {
  const { links, tree, host } = parts;
  const link = await links.find(tokenHash);
  const nowMs = host.nowMs();
  const isNow = link && (link.startsAtMs ?? 0) <= nowMs && nowMs < (link.expiresAtMs ?? Number.POSITIVE_INFINITY);
  const account = link && isNow ? await parts.identity.findAccount(link.accountId) : undefined;
  if (!link || !account || account.disabledAtMs !== null) throw noLink();
  const caller = callerOfLink(link, account);
  await parts.authorisation.requireEntry(caller, link.entryId);
  const found = await tree.findEntry(link.entryId);
  if (!found) throw noLink();
  return { link, tokenHash, caller, entry: found.entry };
}

/** Every reason looks the same to whoever has only the address. */
function noLink(): ProblemError {
  return new ProblemError("not_found", "there is no such link");
}

/** A new password ends the passes of the one before. */
function sealOf({ keys }: LinkParts, { id, passwordHash }: StoredLink, expiresAtMs: number): string {
  return createHmac("sha256", keys.linkPass)
    .update(`${id}\n${passwordHash ?? ""}\n${expiresAtMs}`)
    .digest("base64url");
}

function isPass(parts: LinkParts, link: StoredLink, pass: string | undefined): boolean {
  const [, expires, seal] = /^(\d{1,15})\.([\w-]{43})$/.exec(pass ?? "") ?? [];
  if (expires === undefined || seal === undefined || Number(expires) <= parts.host.nowMs()) return false;
  return timingSafeEqual(Buffer.from(seal), Buffer.from(sealOf(parts, link, Number(expires))));
}

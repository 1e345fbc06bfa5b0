import { hash } from "node:crypto";
import {
  encodeIdPart,
  formatTimestamp,
  idPartBytes,
  maxEntriesPerPage,
  parseTimestamp,
  ProblemError,
  type DeviceId,
  type EntryId,
  type LinkKind,
  type ShareLink,
} from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { IdentityStore } from "../../storage/metadata/identity-store.ts";
import type { LinkStore, StoredLink } from "../../storage/metadata/link-store.ts";
import type { TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import type { Content } from "../files/content.ts";
import type { AttemptLimiter } from "../identity/attempts/attempt-limiter.ts";
import type { PasswordHasher } from "../identity/password-hasher.ts";
import type { ServerKeys } from "../identity/server-keys.ts";

export interface LinkWish {
  readonly entryId: EntryId;
  readonly kind: LinkKind;
  readonly password: string | undefined;
  readonly starts: string | undefined;
  readonly expires: string | undefined;
  readonly maxDownloads: number | undefined;
}

/** Addresses that show a file or folder to whoever has them: for whoever makes them. */
export interface Links {
  /** The token is the secret of the address; it is told this once. @throws not_found, forbidden, bad_request, limit_exceeded */
  create(caller: Caller, wish: LinkWish): Promise<ShareLink & { readonly token: string }>;
  list(caller: Caller): Promise<ShareLink[]>;
  /** Good at the next request. @throws not_found */
  revoke(caller: Caller, linkId: string): Promise<void>;
}

export interface LinkParts {
  readonly authorisation: Authorisation;
  readonly links: LinkStore;
  readonly identity: IdentityStore;
  readonly tree: TreeStore;
  readonly content: Content;
  readonly passwords: PasswordHasher;
  readonly attempts: AttemptLimiter;
  readonly keys: Pick<ServerKeys, "linkPass">;
  readonly host: Host;
}

/** 192 bits: nobody guesses one. */
const tokenBytes = 24;

export function createLinks({ authorisation, links, tree, passwords, host }: LinkParts): Links {
  /** Where it is, as far as the caller may still see that: in a shared folder that they left, names are the others'. */
  async function findSeen(caller: Caller, entryId: EntryId): Promise<string | null> {
    try {
      await authorisation.requireEntry({ ...caller, right: "files.read" }, entryId);
    } catch (error) {
      if (error instanceof ProblemError) return null;
      throw error;
    }
    return (await tree.findEntry(entryId))?.path ?? null;
  }

  return {
    async create(caller, wish) {
      const entryId = await authorisation.requireEntry(caller, wish.entryId);
      const found = await tree.findEntry(entryId);
      if (!found) throw new ProblemError("not_found", "there is no such file or folder");
      // Of a shared folder, its own roles decide, wherever it is mounted. [SH20]
      if (found.entry.mounts !== undefined) await authorisation.requireWorkspace(caller, found.entry.mounts);
      if (wish.kind === "upload" && found.entry.type !== "folder")
        throw new ProblemError("bad_request", "only a folder takes files");
      const [startsAtMs, expiresAtMs] = [instantOf(wish.starts), instantOf(wish.expires)];
      if (expiresAtMs !== null && expiresAtMs <= Math.max(host.nowMs(), startsAtMs ?? 0))
        throw new ProblemError("bad_request", "the link would end before it begins");
      const token = Buffer.from(host.randomBytes(tokenBytes)).toString("base64url");
      const link: StoredLink = {
        id: encodeIdPart(host.randomBytes(idPartBytes)),
        entryId,
        accountId: caller.accountId,
        kind: wish.kind,
        passwordHash: wish.password === undefined ? null : await passwords.hash(wish.password),
        startsAtMs,
        expiresAtMs,
        maxDownloads: wish.maxDownloads ?? null,
        downloads: 0,
        createdAtMs: host.nowMs(),
      };
      await links.add(link, hashToken(token));
      return { ...describe(link, found.path), token };
    },
    async list(caller) {
      const own = await links.list(caller.accountId);
      return await Promise.all(own.map(async (link) => describe(link, await findSeen(caller, link.entryId))));
    },
    async revoke(caller, linkId) {
      if (!(await links.remove(caller.accountId, linkId))) throw new ProblemError("not_found", "there is no such link");
    },
  };
}

function instantOf(timestamp: string | undefined): number | null {
  return timestamp === undefined ? null : parseTimestamp(timestamp);
}

function describe(link: StoredLink, path: string | null): ShareLink {
  const instant = (atMs: number | null) => (atMs === null ? null : formatTimestamp(atMs));
  return {
    link_id: link.id,
    entry_id: link.entryId,
    path,
    kind: link.kind,
    has_password: link.passwordHash !== null,
    starts: instant(link.startsAtMs),
    expires: instant(link.expiresAtMs),
    max_downloads: link.maxDownloads,
    downloads: link.downloads,
    created: formatTimestamp(link.createdAtMs),
  };
}

/** What the store knows a token by. */
export function hashToken(token: string): string {
  return hash("sha256", token, "hex");
}

/** The maker of a link, with no more than the link gives. */
export function callerOfLink(
  link: StoredLink,
  account: { readonly name: string; readonly rootWorkspaceId: Caller["rootWorkspaceId"] },
): Caller {
  return {
    accountId: link.accountId,
    deviceId: `link.${link.id}` as DeviceId,
    userName: account.name,
    email: "",
    rootWorkspaceId: account.rootWorkspaceId,
    isAdmin: false,
    scopes: new Set(["files.read"]),
    right: "files.read",
  };
}

/** The most entries of a page that a link shows. */
export const linkPageEntries = maxEntriesPerPage;

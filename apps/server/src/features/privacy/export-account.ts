import { decodeManifest } from "@satchel/chunking";
import {
  formatTimestamp,
  maxNoticesOfAccount,
  parseTimestamp,
  ProblemError,
  rootEntryId,
  workspaceOfEntry,
  type AccountId,
  type EntryId,
  type EntryState,
  type WorkspaceId,
} from "@satchel/protocol";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { ChunkStore } from "../../storage/chunks/chunk-store.ts";
import type { Audit } from "../audit/audit.ts";
import { openText } from "../comments/sealed-comment.ts";
import { describeShares } from "./describe-shares.ts";
import { padding, tarEnd, tarHeader } from "./tar.ts";

interface ExportParts {
  readonly metadata: MetadataStore;
  readonly chunks: Pick<ChunkStore, "get">;
  readonly audit: Audit;
  /** Opens what people say about files. */
  readonly commentKey: Uint8Array;
  readonly nowMs: number;
}

const entriesPerPage = 500;
const linesPerFile = 1000;

/**
 * Everything about an account as a tar archive, made while it is read: `files/` is the account's folder as a plain tree; `account.json` the account with its devices, ways to sign in, limits and roles; `versions/` every version of
 * every file that is there; `trash/` what was deleted; `shares/` whom it shares with, and by which links; `comments/` what it said about files, its own and others'; `audit/` the account's part of the audit log, each as JSON lines in files of a page. Secrets are left out: of a password or a key there is only that there is one.
 * @throws not_found; unavailable when a chunk is lost
 */
export async function* exportAccount(parts: ExportParts, accountId: AccountId): AsyncGenerator<Uint8Array> {
  const account = await parts.metadata.identity.findAccount(accountId);
  if (!account) throw new ProblemError("not_found", "there is no such account");
  yield* textFile(parts, "account.json", `${JSON.stringify(await describeAccount(parts, accountId), undefined, 2)}\n`);
  const owned = new Set(await parts.metadata.ledger.listOwned(accountId));
  yield* allFiles(parts, account.rootWorkspaceId, owned);
  yield* trashFiles(parts, owned);
  const shares = new LineFiles(parts, "shares");
  for await (const line of describeShares(parts.metadata, accountId)) yield* shares.add(line);
  yield* shares.rest();
  yield* commentFiles(parts, accountId);
  yield* auditFiles(parts, accountId);
  yield tarEnd;
}

/** The account's folder, with the shared folders that are its own where they are mounted; those that it has put away stand beside it. */
async function* allFiles(
  parts: ExportParts,
  root: WorkspaceId,
  owned: ReadonlySet<WorkspaceId>,
): AsyncGenerator<Uint8Array> {
  const versions = new LineFiles(parts, "versions");
  const rest = new Set(owned);
  const walk = (workspaceId: WorkspaceId, path: string) => {
    rest.delete(workspaceId);
    return folderTree(parts, rootEntryId(workspaceId), { path, versions, rest });
  };
  yield* walk(root, "files");
  for (const workspaceId of rest) yield* walk(workspaceId, `put-away/${workspaceId}`);
  yield* versions.rest();
}

interface Walk {
  readonly path: string;
  readonly versions: LineFiles;
  /** Folders of the account's own that are still to come. */
  readonly rest: Set<WorkspaceId>;
}

/** Depth first, a page at a time: what waits is one page for each folder on the way down. */
async function* folderTree(
  parts: ExportParts,
  folderId: EntryId,
  { path, versions, rest }: Walk,
): AsyncGenerator<Uint8Array> {
  const { tree } = parts.metadata;
  yield tarHeader({ path, kind: "folder", sizeBytes: 0, modifiedMs: parts.nowMs, executable: false, linkTarget: null });
  for (let after: string | undefined; ;) {
    const page = await tree.listFolder({ folderId, after, limit: entriesPerPage });
    for (const entry of page.entries) {
      const inside = `${path}/${entry.name}`;
      if (entry.type === "folder") {
        // What others share is theirs.
        const isOwn = entry.mounts !== undefined && rest.delete(entry.mounts);
        const id = entry.mounts !== undefined && isOwn ? rootEntryId(entry.mounts) : entry.id;
        yield* folderTree(parts, id, { path: inside, versions, rest });
      } else yield* fileOrLink(parts, entry, inside);
      if (entry.type === "file") yield* versionLines(parts, entry.id, { path: inside, versions });
    }
    if (page.next === null) return;
    after = page.next;
  }
}

async function* fileOrLink(parts: ExportParts, entry: EntryState, path: string): AsyncGenerator<Uint8Array> {
  const isLink = entry.type === "link";
  const found = isLink ? undefined : await parts.metadata.tree.findEntry(entry.id);
  const manifest = found ? decodeManifest(found.packedChunks) : [];
  const sizeBytes = manifest.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
  const { executable, link_target: linkTarget } = entry;
  const modifiedMs = entry.modified === null ? parts.nowMs : parseTimestamp(entry.modified);
  // Deleted while the archive was made.
  if (!isLink && !found) return;
  const held = await findingIn(parts, entry);
  if (held !== undefined) {
    yield* textFile(parts, `${path}.quarantined.txt`, quarantineNote(held));
    return;
  }
  yield tarHeader({ path, kind: isLink ? "link" : "file", sizeBytes, modifiedMs, executable, linkTarget });
  for (const { hash } of manifest) {
    const [bytes] = await parts.chunks.get([hash]);
    if (!bytes) throw new ProblemError("unavailable", `a part of ${path} is lost; run \`satchel admin check\``);
    yield bytes;
  }
  yield padding(sizeBytes);
}

/** What was found in the file's version, while it is kept from everybody. */
async function findingIn(
  { metadata }: ExportParts,
  { id, version_id: versionId }: EntryState,
): Promise<string | undefined> {
  if (versionId === null) return undefined;
  const [held] = await metadata.scans.findHeld(workspaceOfEntry(id), [versionId]);
  return held?.finding;
}

function quarantineNote(finding: string): string {
  return `This file is left out: the server's virus scanner found ${finding} in it. Whoever runs the server can let it out.\n`;
}

function* textFile({ nowMs }: ExportParts, path: string, text: string): Generator<Uint8Array> {
  const bytes = Buffer.from(text, "utf8");
  yield tarHeader({
    path,
    kind: "file",
    sizeBytes: bytes.length,
    modifiedMs: nowMs,
    executable: false,
    linkTarget: null,
  });
  yield bytes;
  yield padding(bytes.length);
}

async function describeAccount({ metadata, nowMs }: ExportParts, accountId: AccountId): Promise<object> {
  const { identity, signIn, factors, ledger, privacy, notices } = metadata;
  const account = await identity.findAccount(accountId);
  if (!account) throw new ProblemError("not_found", "there is no such account");
  const { passwordHash, createdAtMs, disabledAtMs, ...shown } = account;
  const [devices, sessions, linked, passkeys, totp, memberships, deletion, use, told, wishes] = await Promise.all([
    identity.listDevices(accountId),
    signIn.listSessions(accountId, nowMs),
    signIn.listLinked(accountId),
    factors.listPasskeys(accountId),
    factors.findTotp(accountId),
    privacy.listMemberships(accountId),
    privacy.findDeletion(accountId),
    ledger.use(account.rootWorkspaceId),
    notices.list({ accountId, after: undefined, limit: maxNoticesOfAccount }),
    notices.settings(accountId),
  ]);
  return {
    exported: formatTimestamp(nowMs),
    account: {
      ...shown,
      hasPassword: passwordHash !== "",
      created: formatTimestamp(createdAtMs),
      isDisabled: disabledAtMs !== null,
    },
    devices,
    browserSessions: sessions.map((session) => without(session, ["sessionHash", "accountId"])),
    linkedIdentities: linked,
    passkeys: passkeys.map((passkey) => without(passkey, ["credentialId", "publicKey", "accountId"])),
    hasAuthenticatorApp: totp !== undefined,
    rolesInFoldersOfOthers: memberships,
    deletion: deletion ?? null,
    notices: told.notices,
    noticeSettings: wishes,
    storage: use,
  };
}

/** A record without what is secret, or said elsewhere. */
function without<Record extends object>(record: Record, left: readonly (keyof Record)[]): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !left.includes(name as keyof Record)));
}

async function* versionLines(
  { metadata }: ExportParts,
  id: EntryId,
  { path, versions }: Pick<Walk, "path" | "versions">,
): AsyncGenerator<Uint8Array> {
  for (let after: string | undefined; ;) {
    const page = await metadata.history.listVersions({ id, after, limit: entriesPerPage });
    for (const version of page.versions) yield* versions.add({ path, ...version });
    if (page.next === null) return;
    after = page.next;
  }
}

/** Of all folders together: files of the same name in an archive would replace one another. */
async function* trashFiles(parts: ExportParts, workspaceIds: Iterable<WorkspaceId>): AsyncGenerator<Uint8Array> {
  const trash = new LineFiles(parts, "trash");
  for (const workspaceId of workspaceIds) {
    for (let after: string | undefined; ;) {
      const request = { workspaceId, after, limit: entriesPerPage, retentionMs: 0 };
      const page = await parts.metadata.history.listTrash(request);
      for (const entry of page.entries) yield* trash.add(entry);
      if (page.next === null) break;
      after = page.next;
    }
  }
  yield* trash.rest();
}

async function* commentFiles(parts: ExportParts, accountId: AccountId): AsyncGenerator<Uint8Array> {
  const { metadata, commentKey } = parts;
  const lines = new LineFiles(parts, "comments");
  for (let after: string | undefined; ;) {
    const page = await metadata.comments.listOf({ accountId, after, limit: entriesPerPage });
    for (const { id, sealedText, atMs, ...place } of page) {
      const text = sealedText === null ? null : (openText(commentKey, id, sealedText) ?? null);
      yield* lines.add({ id, ...place, text, at: formatTimestamp(atMs) });
    }
    after = page.at(-1)?.id;
    if (page.length < entriesPerPage) break;
  }
  yield* lines.rest();
}

async function* auditFiles(parts: ExportParts, accountId: AccountId): AsyncGenerator<Uint8Array> {
  const lines = new LineFiles(parts, "audit");
  for (let cursor: string | undefined; ;) {
    const page = await parts.audit.list({ accountId, cursor, limit: undefined });
    for (const record of page.records) yield* lines.add(record);
    if (page.cursor === null) break;
    ({ cursor } = page);
  }
  yield* lines.rest();
}

/** JSON lines in files of at most so many, since an archive has to say how long a file is before it comes. */
class LineFiles {
  readonly #parts: ExportParts;
  readonly #folder: string;
  #lines: string[] = [];
  #files = 0;

  constructor(parts: ExportParts, folder: string) {
    this.#parts = parts;
    this.#folder = folder;
  }

  *add(line: object): Generator<Uint8Array> {
    this.#lines.push(`${JSON.stringify(line)}\n`);
    if (this.#lines.length >= linesPerFile) yield* this.rest();
  }

  *rest(): Generator<Uint8Array> {
    if (this.#lines.length === 0) return;
    this.#files += 1;
    yield* textFile(this.#parts, `${this.#folder}/${String(this.#files).padStart(6, "0")}.jsonl`, this.#lines.join(""));
    this.#lines = [];
  }
}

import { ProblemError, type AccountId, type DeviceId } from "@satchel/protocol";
import type { Host } from "./host.ts";
import { createBackgroundWork } from "./features/jobs/background-work.ts";
import { createAdministration } from "./features/administration/administration.ts";
import { createInvitations } from "./features/administration/invitations.ts";
import { createAudit, type Audit } from "./features/audit/audit.ts";
import { auditedDevices, auditedSignIn, auditedSync, auditedTransfer, noteReuse } from "./features/audit/audited.ts";
import { createAuthorisation, roleCacheMs, type Authorisation } from "./features/authorisation/authorisation.ts";
import { createChunkParts } from "./features/chunks/chunk-parts.ts";
import { createDamagedChunks } from "./features/chunks/damaged-chunks.ts";
import { createDirectTransfer } from "./features/chunks/direct-transfer.ts";
import { createChunkTransfer, type ChunkTransfer } from "./features/chunks/chunk-transfer.ts";
import { createBrowse } from "./features/files/browse.ts";
import type { DavParts } from "./features/dav/dav-parts.ts";
import { createDeviceReports } from "./features/device-reports/device-reports.ts";
import { followPassages } from "./features/comments/follow-passages.ts";
import { createContent } from "./features/files/content.ts";
import { createRestore } from "./features/files/restore.ts";
import { createTransfer } from "./features/files/transfer.ts";
import { createUpload } from "./features/files/upload.ts";
import { createAccounts } from "./features/identity/accounts.ts";
import { createAuthenticator, deviceCacheMs, type KnownDevice } from "./features/identity/authenticator.ts";
import { createPeople } from "./features/identity/create-people.ts";
import { createDevices } from "./features/identity/devices.ts";
import type { PasswordHasher } from "./features/identity/password-hasher.ts";
import type { ServerKeys } from "./features/identity/server-keys.ts";
import type { OutsideProvider } from "./features/identity/outside/outside-sign-in.ts";
import type { SignUpPolicy } from "./features/identity/self-service/sign-up.ts";
import { createSignIn } from "./features/identity/sign-in.ts";
import type { Mailer } from "./features/mail/mailer.ts";
import { defaultMaxConnections, NotificationHub } from "./features/notifications/notification-hub.ts";
import { createNotifications } from "./features/notifications/notifications.ts";
import { noticingAudit } from "./features/notices/noticing-audit.ts";
import { noticingSync } from "./features/notices/noticing-sync.ts";
import { createNotices, type Notices } from "./features/notices/notices.ts";
import { guardedTransfer } from "./features/malware/guarded-transfer.ts";
import { createQuarantine, type Quarantine } from "./features/malware/quarantine.ts";
import type { ScanParts } from "./features/malware/scan-tasks.ts";
import { createMetrics } from "./features/operations/metrics.ts";
import type { Outbox } from "./features/outbox/outbox.ts";
import { createAccountDeletions } from "./features/privacy/account-deletion.ts";
import { exportAccount } from "./features/privacy/export-account.ts";
import { drawPreviews } from "./features/previews/draw-previews.ts";
import { createPreviews } from "./features/previews/previews.ts";
import { createPresence } from "./features/presence/presence.ts";
import { tellingReaders } from "./features/presence/tell-readers.ts";
import { createQuota, type Quota } from "./features/quota/quota.ts";
import { createUsage, usageCacheMs } from "./features/quota/usage.ts";
import { createLiveSessions, type LiveSessions } from "./features/live/live-sessions.ts";
import type { LiveParts } from "./features/live/live-session.ts";
import { storedLiveFiles, type StoredFilesParts } from "./features/live/stored-live-files.ts";
import { createSearch, type Search } from "./features/search/search.ts";
import { createTextlessChunks } from "./features/search/texts/textless-chunks.ts";
import { openLinks } from "./start/open-links.ts";
import { openScanTasks } from "./start/open-scan-tasks.ts";
import { openComments, openSharing } from "./start/open-sharing.ts";
import { createCommitPublisher } from "./features/sync/commit-publisher.ts";
import { createKnownHeads } from "./features/sync/known-heads.ts";
import { createSync } from "./features/sync/sync.ts";
import type { Bus } from "./storage/bus/bus.ts";
import type { Cache } from "./storage/cache/cache.ts";
import { createInProcessCache } from "./storage/cache/in-process-cache.ts";
import { layerCaches } from "./storage/cache/layered-cache.ts";
import type { SharedCache } from "./storage/cache/shared-cache.ts";
import type { ChunkStore } from "./storage/chunks/chunk-store.ts";
import type { StorageUse } from "./storage/metadata/ledger-store.ts";
import type { WorkspaceRole } from "./storage/metadata/access-store.ts";
import type { MetadataStore } from "./storage/metadata/metadata-store.ts";
import type { ReplicaStatistics } from "./storage/metadata/replica-statistics.ts";
import type { SearchIndex } from "./storage/search/search-index.ts";

export interface ServerCoreParts {
  readonly metadata: MetadataStore;
  readonly chunks: ChunkStore;
  readonly bus: Bus;
  /** What other processes of the server remember, too; left out: this one is alone. */
  readonly cache?: SharedCache | undefined;
  /** How often a replica of the database was asked; left out: there is none. */
  readonly replicaStatistics?: (() => ReplicaStatistics) | undefined;
  /** Left out: nothing can be searched for. */
  readonly searchIndex?: SearchIndex | undefined;
  /** Left out: nobody looks after commits that were made and not told. */
  readonly outbox?: Outbox | undefined;
  readonly host: Host;
  /** By what this process has leases; another one each time if left out. */
  readonly holder?: string;
  readonly keys: ServerKeys;
  readonly passwords: PasswordHasher;
  /** How long deleted files and old versions are kept. */
  readonly retentionMs: number;
  readonly maxConnections?: number;
  /** How long an account that asked for its deletion can take that back; 14 days if left out. */
  readonly deletionGraceMs?: number;
  /** Left out: messages go nowhere. */
  readonly mail?: Mailer;
  /** Left out: nobody makes an account by themselves. */
  readonly signUpPolicy?: SignUpPolicy;
  /** What whoever makes the first account in a browser has to know, unless they sit at the server. Left out: it is made by command only. */
  readonly setUpCode?: string;
  /** Another OpenID provider that people may sign in with. */
  readonly outsideProvider?: OutsideProvider | undefined;
  /** Left out: nothing is looked at for malware. */
  readonly malware?: Pick<ScanParts, "scanner" | "maxBytes"> | undefined;
  /** Whether accounts are told inside the app of what concerns them. Left out: they are not. */
  readonly tellsNotices?: boolean;
  /** Told of what failed behind a request that was answered already. */
  readonly onBackgroundFailure?: (error: unknown) => void;
}

const noMail: Mailer = { async send() {}, async close() {} };
const maxCachedDevices = 10_000;
const maxCachedRoles = 50_000;
const maxCachedUses = 1000;
const defaultDeletionGraceMs = 14 * 24 * 3600 * 1000;

export type ServerCore = ReturnType<typeof createServerCore>;

/** Everything that the server does, over its stores, without a socket: HTTP is thin over it, and a simulation calls it directly. */
export function createServerCore(parts: ServerCoreParts) {
  const { metadata, chunks, bus, host, keys } = parts;
  const { tree, ledger, history } = metadata;
  const heads = createKnownHeads(tree);
  const outbox = parts.outbox ?? { told: () => {} };
  const quota = createQuota({ ledger, host });
  const who = knowCallers(parts);
  const { audit, notices, accounts, people, authenticator, authorisation } = who;
  const { hub, ...listening } = openListening(parts, who);
  const { readersOf } = listening.presence;
  const publish = tellingReaders(createCommitPublisher(bus, heads, outbox), { notices, history, readersOf });
  const quarantine = createQuarantine({ metadata, audit, bus, host });
  const { ungated, ...bringing } = openTransfer(parts, { quota, quarantine });
  const { transfer } = bringing;
  const contents = openContents(parts, { authorisation, transfer, quarantine });
  const plainSync = createSync({ authorisation, tree, transfer, heads, publish, host });
  const sync = noticingSync(auditedSync(plainSync, audit), { notices, metadata, host });
  const metrics = createMetrics({
    chunks,
    metadata,
    host,
    connections: () => hub.connections,
    cache: parts.cache,
    replica: parts.replicaStatistics,
  });
  bus.subscribe((message) => {
    if (message.kind !== "committed") return;
    metrics.commits.inc();
    metrics.changes.inc(message.changes.length);
  });
  return {
    stores: { metadata, chunks },
    host,
    keys,
    bus,
    /** Resolves when all processes know what was taken back so far; undefined when they do. */
    invalidated: () => parts.cache?.settled(),
    outsideProvider: parts.outsideProvider,
    authenticator,
    authorisation,
    audit,
    signIn: who.signIn,
    accounts,
    people,
    backgroundWork: createBackgroundWork({ metadata, audit, host }),
    administration: createAdministration({ metadata, links: people.links, notices: people.notices, audit, bus, host }),
    invitations: createInvitations({ store: metadata.signIn, signUp: people.signUp, audit, host }),
    ...openHoldings(parts, { audit, authorisation }),
    ...bringing,
    notices,
    sync,
    dav: { metadata, authenticator, authorisation, sync, ...contents, transfer, quota, host } satisfies DavParts,
    upload: createUpload({ authorisation, metadata, quota, transfer, publish, keys, host }),
    browse: createBrowse({ metadata, authorisation, retentionMs: parts.retentionMs }),
    ...contents,
    quarantine,
    scanTasks: openScanTasks(parts, { audit, notices, transfer: ungated, count: metrics.countScan }),
    ...openLinks(parts, { audit, notices, authorisation, ...contents, transfer, quarantine, publish }),
    sharing: openSharing(parts, { authorisation, audit, notices, publish }),
    comments: openComments(parts, { authorisation, audit, notices }),
    search: openSearch(parts, authorisation),
    restore: createRestore({ authorisation, history, publish, host }),
    overBorder: auditedTransfer(createTransfer({ authorisation, tree, publish, host }), audit),
    live: openLive(parts, authorisation, { tree, history, transfer, quarantine, publish, host }),
    ...listening,
    metrics,
    hub,
  };
}

/** How chunks come and go, and what is seen of them as they come. */
function openTransfer(
  { metadata: { ledger }, chunks, bus, host, keys }: ServerCoreParts,
  { quota, quarantine }: { readonly quota: Quota; readonly quarantine: Quarantine },
) {
  const damaged = createDamagedChunks({ bus, host });
  const brings = { ledger, quota, damaged, keys, host };
  const textless = createTextlessChunks();
  const ungated = createChunkTransfer({ ...brings, chunks, look: textless.look });
  const transfer = guardedTransfer(ungated, quarantine);
  return {
    /** Gives out also what is held. */
    ungated,
    transfer,
    textless,
    damaged,
    chunkParts: createChunkParts({ transfer, host }),
    directTransfer: createDirectTransfer({ ...brings, direct: chunks.direct, transfer }),
  };
}

/** What is in files, and small pictures of it. */
function openContents(
  { metadata, chunks, keys, host }: ServerCoreParts,
  who: { readonly authorisation: Authorisation; readonly transfer: ChunkTransfer; readonly quarantine: Quarantine },
) {
  const { tree, previews } = metadata;
  const content = createContent({ ...who, tree, keys, host });
  return { content, previews: createPreviews({ ...who, content, tree, previews, chunks, draw: drawPreviews }) };
}

/** Who listens, and what devices are and do. */
function openListening(parts: ServerCoreParts, who: ReturnType<typeof knowCallers>) {
  const { metadata, bus, host } = parts;
  const { identity: store, tree, ledger } = metadata;
  const { audit, authenticator, authorisation } = who;
  const hub = new NotificationHub({
    bus,
    maxConnections: parts.maxConnections ?? defaultMaxConnections,
    random: () => (host.randomBytes(1)[0] ?? 0) / 256,
  });
  const connectedDevices = () => hub.connectedDevices();
  const reports = createDeviceReports({ authorisation, store, bus, hub, host });
  const presence = createPresence({ authorisation, store, reports, bus, hub, host });
  const { activityOf } = reports;
  return {
    hub,
    reports,
    presence,
    devices: auditedDevices(createDevices({ store, ledger, host, bus, connectedDevices, activityOf }), audit),
    notifications: createNotifications({ hub, tree, authenticator, authorisation, reports, presence, host }),
  };
}

/** Who makes requests, how they prove it, and what they may. */
function knowCallers(parts: ServerCoreParts) {
  const { metadata, bus, host, keys, passwords } = parts;
  const { identity: store } = metadata;
  const cache = openCache<KnownDevice>(parts, {
    prefix: "session:",
    timeToLiveMs: deviceCacheMs,
    maxEntries: maxCachedDevices,
  });
  const onBackgroundFailure = parts.onBackgroundFailure ?? (() => {});
  const notices = openNotices(parts);
  const audit = noticingAudit(
    createAudit({ store: metadata.audit, host, key: keys.audit, onFailure: onBackgroundFailure }),
    { notices, store, host },
  );
  const accounts = createAccounts({ store, passwords, host });
  const { mail = noMail, signUpPolicy = "closed", setUpCode } = parts;
  const people = createPeople({
    metadata,
    accounts,
    passwords,
    keys,
    host,
    bus,
    audit,
    mail,
    signUpPolicy,
    setUpCode,
  });
  const { appPasswords, proof, factors } = people;
  const authenticator = createAuthenticator({ store, keys, host, cache, bus, appPasswords });
  const authorisation = openAuthorisation(parts);
  /** By a refresh token that was used twice. */
  const onDeviceRevoked = (deviceId: DeviceId): void => {
    bus.publish({ kind: "device_revoked", deviceId });
    noteReuse({ audit, store, deviceId }).catch(onBackgroundFailure);
  };
  const onDeviceChanged = (accountId: AccountId): void => bus.publish({ kind: "account_changed", accountId });
  const signIn = createSignIn({ store, proof, factors, keys, host, onDeviceRevoked, onDeviceChanged });
  return {
    notices,
    audit,
    accounts,
    people,
    authenticator,
    authorisation,
    signIn: auditedSignIn(signIn, { audit, store }),
  };
}

/** What accounts are told; nothing new, where that is turned off. */
function openNotices({ metadata, bus, host, tellsNotices = false, ...parts }: ServerCoreParts): Notices {
  const onFailure = parts.onBackgroundFailure ?? (() => {});
  const notices = createNotices({ store: metadata.notices, bus, host, onFailure });
  return tellsNotices ? notices : { ...notices, tell: () => {}, find: () => {}, tellForSure: async () => {} };
}

function openAuthorisation(parts: ServerCoreParts): Authorisation {
  const cache = openCache<WorkspaceRole | undefined>(parts, {
    prefix: "role:",
    timeToLiveMs: roleCacheMs,
    maxEntries: maxCachedRoles,
  });
  return createAuthorisation({ store: parts.metadata.access, cache, bus: parts.bus });
}

/** Of this process, and where there is one the shared one behind it: each then remembers for half of the time. */
function openCache<Value>(
  { cache: shared, host: { nowMs } }: ServerCoreParts,
  { prefix, timeToLiveMs, maxEntries }: { prefix: string; timeToLiveMs: number; maxEntries: number },
): Cache<Value> {
  if (!shared) return createInProcessCache({ timeToLiveMs, maxEntries, nowMs });
  const half = timeToLiveMs / 2;
  const local = createInProcessCache<Value>({ timeToLiveMs: half, maxEntries, nowMs });
  return layerCaches({ local, shared, prefix, timeToLiveMs: half, nowMs });
}

/** What an account has: how much it is, to take along, and to have erased. */
function openHoldings(
  { metadata, chunks, bus, host, keys, deletionGraceMs = defaultDeletionGraceMs }: ServerCoreParts,
  { audit, authorisation }: { readonly audit: Audit; readonly authorisation: Authorisation },
) {
  const cache = createInProcessCache<StorageUse>({
    timeToLiveMs: usageCacheMs,
    maxEntries: maxCachedUses,
    nowMs: host.nowMs,
  });
  return {
    deletions: createAccountDeletions({ metadata, audit, bus, host, graceMs: deletionGraceMs }),
    exportAccount: (accountId: AccountId) =>
      exportAccount({ metadata, chunks, audit, commentKey: keys.comments, nowMs: host.nowMs() }, accountId),
    usage: createUsage({ authorisation, ledger: metadata.ledger, cache }),
  };
}

function openLive(
  { metadata, bus, host, keys, onBackgroundFailure: onFailure = () => {}, ...named }: ServerCoreParts,
  authorisation: Authorisation,
  files: StoredFilesParts,
): LiveSessions {
  const parts = { store: metadata.live, files: storedLiveFiles(files), key: keys.live };
  const follow: LiveParts["follow"] = (fileId, now) =>
    followPassages({ store: metadata.comments, key: keys.comments, nowMs: host.nowMs }, fileId, now);
  const { holder = Buffer.from(host.randomBytes(16)).toString("hex") } = named;
  return createLiveSessions({ ...parts, follow, holder, authorisation, bus, host, onFailure });
}

function openSearch({ metadata, searchIndex: index }: ServerCoreParts, authorisation: Authorisation): Search {
  if (index) return createSearch({ index, metadata, authorisation });
  return {
    async find() {
      throw new ProblemError("unavailable", "this server has no search");
    },
  };
}

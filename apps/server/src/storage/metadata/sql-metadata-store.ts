import { attemptStore } from "./attempts/sql-attempt-store.ts";
import { findRole, putMember, removeMember } from "./access/members.ts";
import type { AccessStore } from "./access-store.ts";
import * as auditRecords from "./audit/audit-records.ts";
import type { AuditStore } from "./audit-store.ts";
import * as deletions from "./privacy/deletions.ts";
import { eraseStep } from "./privacy/erase-step.ts";
import type { PrivacyStore } from "./privacy-store.ts";
import { commitBatch } from "./commit/commit-batch.ts";
import { FolderSizes } from "./commit/folder-sizes.ts";
import type { RandomBytes } from "./commit/change-set.ts";
import { davStore } from "./dav/sql-dav-store.ts";
import { factorStore } from "./factors/sql-factor-store.ts";
import { identityStore } from "./identity/sql-identity-store.ts";
import { mailQueueStore } from "./mail/sql-mail-queue-store.ts";
import { signInStore } from "./identity/sql-sign-in-store.ts";
import { listActivity } from "./history/list-activity.ts";
import { previewRestore } from "./history/preview-restore.ts";
import { listTrash } from "./history/list-trash.ts";
import { listVersions } from "./history/list-versions.ts";
import { restore } from "./history/restore.ts";
import type { HistoryStore } from "./history-store.ts";
import { jobRoundStore } from "./job-rounds/sql-job-round-store.ts";
import { leaseStore } from "./leases/sql-lease-store.ts";
import { grant, sizesOfHeld, usage } from "./ledger/ledger.ts";
import { accountUsage, listOwned, room, setQuota, use } from "./ledger/usage.ts";
import type { LedgerStore } from "./ledger-store.ts";
import { checkWorkspace } from "./maintenance/check-workspace.ts";
import { findUnheld, listHeldChunks, releaseChunks } from "./maintenance/chunk-ledger-upkeep.ts";
import { dropExpired } from "./maintenance/drop-expired.ts";
import { listWorkspaces } from "./maintenance/list-workspaces.ts";
import { prune } from "./maintenance/prune.ts";
import { thinVersions } from "./maintenance/thin-versions.ts";
import type { MaintenanceStore } from "./maintenance-store.ts";
import type { MetadataStore } from "./metadata-store.ts";
import { oauthStore } from "./oauth/sql-oauth-store.ts";
import { noticeStore } from "./notices/sql-notice-store.ts";
import { outboxStore } from "./outbox/sql-outbox-store.ts";
import { chunkPlaceStore } from "./places/sql-chunk-place-store.ts";
import { headPosition, readWorkspace } from "./rows/workspace-row.ts";
import { commentStore } from "./comments/sql-comment-store.ts";
import { liveStore } from "./live/sql-live-store.ts";
import { linkStore } from "./sharing/links.ts";
import { shareStore } from "./sharing/sql-share-store.ts";
import type { SqlDatabase } from "./sql/sql-database.ts";
import { previewStore } from "./previews/sql-preview-store.ts";
import { scanStore } from "./scans/sql-scan-store.ts";
import { scrubStore } from "./scrub/sql-scrub-store.ts";
import { taskStore } from "./tasks/sql-task-store.ts";
import { changesSince } from "./tree/changes-since.ts";
import { findEntry, pathOf, resolvePath } from "./tree/find-entry.ts";
import { findLiving, latestChanges } from "./tree/find-living.ts";
import { listConflicts } from "./tree/list-conflicts.ts";
import { listFolder } from "./tree/list-folder.ts";
import { manifestsOf } from "./tree/manifests-of.ts";
import { transferEntry } from "./transfer/transfer-entry.ts";
import type { TreeStore } from "./tree-store.ts";
import type { UploadStore } from "./upload-store.ts";
import { dropUpload, findUpload, putUpload } from "./uploads/pending-uploads.ts";

/** The metadata store over a migrated SQL database, whichever it is. Knows no clock, timer or randomness but what it is given. Closing it closes the database. */
export function createSqlMetadataStore(options: {
  readonly database: SqlDatabase;
  readonly randomBytes: RandomBytes;
}): MetadataStore {
  const { database, randomBytes } = options;
  return {
    identity: identityStore(database),
    signIn: signInStore(database),
    factors: factorStore(database),
    oauth: oauthStore(database),
    access: accessStore(database),
    audit: auditStore(database),
    privacy: privacyStore(database),
    attempts: attemptStore(database),
    mail: mailQueueStore(database),
    notices: noticeStore(database),
    tree: treeStore(database, randomBytes),
    history: historyStore(database, randomBytes),
    ledger: ledgerStore(database),
    shares: shareStore(database, randomBytes),
    links: linkStore(database),
    comments: commentStore(database),
    live: liveStore(database),
    dav: davStore(database),
    uploads: uploadStore(database),
    maintenance: maintenanceStore(database),
    places: chunkPlaceStore(database),
    jobRounds: jobRoundStore(database),
    leases: leaseStore(database),
    outbox: outboxStore(database),
    tasks: taskStore(database),
    previews: previewStore(database),
    scans: scanStore(database),
    scrub: scrubStore(database),
    ping: () => database.read(async (session) => void (await session.all("SELECT 1 AS one"))),
    close: () => database.close(),
  };
}

function treeStore(database: SqlDatabase, randomBytes: RandomBytes): TreeStore {
  const folderSizes = new FolderSizes();
  return {
    commit: (batch) => database.transaction((session) => commitBatch(session, batch, { randomBytes, folderSizes })),
    transfer: (command) =>
      database.transaction((session) => transferEntry(session, command, { randomBytes, folderSizes })),
    head: (workspaceId) => database.read(async (session) => headPosition(await readWorkspace(session, workspaceId))),
    changesSince: (query) => database.read((session) => changesSince(session, query)),
    findEntry: (id) => database.read((session) => findEntry(session, id)),
    listFolder: (query) => database.read((session) => listFolder(session, query)),
    resolvePath: (workspaceId, names) => database.read((session) => resolvePath(session, workspaceId, names)),
    pathOf: (id) => database.read((session) => pathOf(session, id)),
    manifests: (workspaceId, versions) => database.read((session) => manifestsOf(session, workspaceId, versions)),
    findLiving: (ids) => database.read((session) => findLiving(session, ids)),
    latestChanges: (query) => database.read((session) => latestChanges(session, query)),
    listConflicts: (query) => database.read((session) => listConflicts(session, query)),
  };
}

function ledgerStore(database: SqlDatabase): LedgerStore {
  return {
    grant: (workspaceId, chunks, nowMs) =>
      database.transaction((session) => grant(session, workspaceId, chunks, nowMs)),
    sizesOfHeld: (workspaceId, hashes, nowMs) =>
      database.transaction((session) => sizesOfHeld(session, workspaceId, hashes, nowMs)),
    room: (workspaceId) => database.read((session) => room(session, workspaceId)),
    use: (workspaceId) => database.read((session) => use(session, workspaceId)),
    setQuota: (limit) => database.transaction((session) => setQuota(session, limit)),
    listOwned: (accountId) => database.read((session) => listOwned(session, accountId)),
    accountUsage: (accountId) => database.read((session) => accountUsage(session, accountId)),
    usage: (workspaceId) => database.read((session) => usage(session, workspaceId)),
  };
}

function uploadStore(database: SqlDatabase): UploadStore {
  return {
    put: (upload) => database.transaction((session) => putUpload(session, upload)),
    find: (fileId, nowMs) => database.read((session) => findUpload(session, fileId, nowMs)),
    drop: (fileId) => database.transaction((session) => dropUpload(session, fileId)),
  };
}

function auditStore(database: SqlDatabase): AuditStore {
  return {
    append: (records, key) => database.transaction((session) => auditRecords.appendRecords(session, records, key)),
    list: (query) => database.read((session) => auditRecords.listRecords(session, query)),
    readChain: (query) => database.read((session) => auditRecords.readChain(session, query)),
    prune: (request) => database.transaction((session) => auditRecords.pruneRecords(session, request)),
    erase: (accountId) => database.transaction((session) => auditRecords.eraseRecords(session, accountId)),
  };
}

function privacyStore(database: SqlDatabase): PrivacyStore {
  return {
    requestDeletion: (deletion) => database.transaction((session) => deletions.requestDeletion(session, deletion)),
    cancelDeletion: (accountId) => database.transaction((session) => deletions.cancelDeletion(session, accountId)),
    findDeletion: (accountId) => database.read((session) => deletions.findDeletion(session, accountId)),
    listDue: (query) => database.read((session) => deletions.listDue(session, query)),
    eraseStep: (accountId, limit) => database.transaction((session) => eraseStep(session, accountId, limit)),
    listMemberships: (accountId) => database.read((session) => deletions.listMemberships(session, accountId)),
  };
}

function accessStore(database: SqlDatabase): AccessStore {
  return {
    findRole: (workspaceId, accountId) => database.read((session) => findRole(session, workspaceId, accountId)),
    putMember: (member) => database.transaction((session) => putMember(session, member)),
    removeMember: (workspaceId, accountId) =>
      database.transaction((session) => removeMember(session, workspaceId, accountId)),
  };
}

function historyStore(database: SqlDatabase, randomBytes: RandomBytes): HistoryStore {
  return {
    listVersions: (query) => database.read((session) => listVersions(session, query)),
    listActivity: (query) => database.read((session) => listActivity(session, query)),
    previewRestore: (request) => previewRestore(database, request, randomBytes),
    listTrash: (query) => database.read((session) => listTrash(session, query)),
    restore: (request) => database.transaction((session) => restore(session, request, randomBytes)),
  };
}

function maintenanceStore(database: SqlDatabase): MaintenanceStore {
  return {
    listWorkspaces: (query) => database.read((session) => listWorkspaces(session, query)),
    prune: (request) => database.transaction((session) => prune(session, request)),
    releaseChunks: (request) => database.transaction((session) => releaseChunks(session, request)),
    findUnheld: (hashes) => database.read((session) => findUnheld(session, hashes)),
    thinVersions: (request) => database.transaction((session) => thinVersions(session, request)),
    dropExpired: (request) => database.transaction((session) => dropExpired(session, request)),
    check: (workspaceId) => database.read((session) => checkWorkspace(session, workspaceId)),
    listHeldChunks: (query) => database.read((session) => listHeldChunks(session, query)),
  };
}

import { makeDirectory, openChunks, openMetadata, openReadOnlyChunks } from "../compose.ts";
import type { ServerConfig } from "../config/config.ts";
import type { DataDirectory } from "../data-directory/data-directory.ts";
import { lockDirectory } from "../data-directory/directory-lock.ts";
import { findNotedRetention, longerRetention, type KeptPeriods } from "../data-directory/retention-note.ts";
import { requireRestored } from "../data-directory/restore-note.ts";
import { createAccountDeletions } from "../features/privacy/account-deletion.ts";
import { isNeverUsed } from "../features/retention/is-never-used.ts";
import { findGarbage, type Garbage } from "../features/retention/find-garbage.ts";
import { createRetention, type RetentionReport } from "../features/retention/retention.ts";
import { openAudit, openKeys } from "../start/open-audit.ts";
import { ServerConfigError } from "../config/server-config-error.ts";
import { createInProcessBus } from "../storage/bus/in-process-bus.ts";
import { systemHost } from "../system-host.ts";

/** What `satchel admin gc` does. */

/** What is stored, and how much of it nobody holds. Beside a running server, or without one; changes nothing. @throws ChunkStoreError, ServerConfigError */
export async function readGarbage(config: ServerConfig): Promise<Garbage> {
  await using open = new AsyncDisposableStack();
  const metadata = await openMetadata(config);
  open.defer(() => metadata.close());
  const chunks = await openReadOnlyChunks(config, metadata);
  open.defer(() => chunks.close());
  return await findGarbage({ maintenance: metadata.maintenance, chunks });
}

/**
 * Does at once what a server does in two rounds of its upkeep: prunes what is past its time, and removes chunks that nobody holds. Only while no server runs, which needs the time between its rounds to be sure that no upload is under way.
 * @throws DirectoryInUseError, ChunkStoreError; ServerConfigError where other servers may share the chunks, and where the settings name another database than the chunks'
 */
export async function collectGarbage(config: ServerConfig): Promise<RetentionReport> {
  if (config.blobs)
    throw new ServerConfigError(
      "servers that share S3 collect by themselves, beside each other: only --dry-run is for you",
    );
  await using open = new AsyncDisposableStack();
  const directory = await makeDirectory(config);
  const lock = lockDirectory(directory.lock, directory.path);
  open.defer(() => lock.release());
  requireRestored(directory);
  const { deletionGraceMs: graceMs, ...periods } = await keptPeriods(config, directory);
  const opening = openMetadata(config);
  const metadata = await opening;
  open.defer(() => metadata.close());
  const chunks = await openChunks(config, opening);
  open.defer(() => chunks.close());
  const [stored] = await chunks.list({ after: undefined, limit: 1 });
  if (stored && (await isNeverUsed(metadata)))
    throw new ServerConfigError(
      "chunks are stored here, and the database has never had an account: name the server's own with --database",
    );
  const audit = await openAudit(config, metadata);
  const bus = createInProcessBus({ onListenerError: throwIt });
  const deletions = createAccountDeletions({ metadata, audit, bus, host: systemHost, graceMs });
  const retention = createRetention({
    metadata,
    chunks,
    host: systemHost,
    periods,
    auditKey: (await openKeys(config)).audit,
    eraseDue: deletions.eraseDue,
  });
  const { signal } = new AbortController();
  const first = await retention.run(signal);
  const second = await retention.run(signal);
  return addReports(first, second);
}

/** What was pruned does not come back: what the server keeps by its own settings is kept here as well. @throws ServerConfigError when nobody says how long that is */
async function keptPeriods(config: ServerConfig, directory: DataDirectory): Promise<KeptPeriods> {
  const given = { ...config.retention, ...config.security };
  const noted = await findNotedRetention(directory);
  if (noted) return longerRetention(noted, given);
  if (config.settings.find(({ name }) => name === "SATCHEL_RETENTION_DAYS")?.origin === "default")
    throw new ServerConfigError(
      "nobody says how long this server keeps what was deleted: start it once with this version, or set SATCHEL_RETENTION_DAYS",
    );
  return given;
}

function addReports(one: RetentionReport, other: RetentionReport): RetentionReport {
  return {
    prunedVersions: one.prunedVersions + other.prunedVersions,
    prunedEntries: one.prunedEntries + other.prunedEntries,
    releasedChunks: one.releasedChunks + other.releasedChunks,
    collectedChunks: one.collectedChunks + other.collectedChunks,
    freedBytes: one.freedBytes + other.freedBytes,
    prunedAuditRecords: one.prunedAuditRecords + other.prunedAuditRecords,
    erasedAccounts: one.erasedAccounts + other.erasedAccounts,
  };
}

function throwIt(error: unknown): never {
  throw error;
}

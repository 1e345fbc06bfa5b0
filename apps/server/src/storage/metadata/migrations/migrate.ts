import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";
import { columnTypes, type ColumnTypes } from "./column-types.ts";
import { DatabaseNewerError } from "./database-newer-error.ts";
import { firstSchema } from "./0001-first-schema.ts";
import { identitySchema } from "./0002-identity.ts";
import { securitySchema } from "./0003-security.ts";
import { chunkPlacesSchema } from "./0004-chunk-places.ts";
import { sharingSchema } from "./0005-sharing.ts";
import { timeOfHead } from "./0006-time-of-head.ts";
import { browserDevicesSchema } from "./0007-browser-devices.ts";
import { shareLinksSchema } from "./0008-share-links.ts";
import { mailQueueSchema } from "./0009-mail-queue.ts";
import { attemptsSchema } from "./0010-attempts.ts";
import { severalProcessesSchema } from "./0011-several-processes.ts";
import { mergedVersions } from "./0012-merged-versions.ts";
import { conflictBases } from "./0013-conflict-bases.ts";
import { noticesSchema } from "./0014-notices.ts";
import { liveSessionsSchema } from "./0015-live-sessions.ts";
import { whoNoticesName } from "./0016-who-notices-name.ts";
import { tasksSchema } from "./0017-tasks.ts";
import { davSchema } from "./0018-dav.ts";
import { previewsSchema } from "./0019-previews.ts";
import { alsoBy } from "./0020-also-by.ts";
import { placesOfHolders } from "./0021-places-of-holders.ts";
import { jobRoundsSchema } from "./0022-job-rounds.ts";
import { commentsSchema } from "./0023-comments.ts";
import { roomOfProperties } from "./0024-room-of-properties.ts";
import { folderStampsSchema } from "./0025-folder-stamps.ts";
import { uploadsInPartsSchema } from "./0026-uploads-in-parts.ts";
import { scansSchema } from "./0027-scans.ts";
import { findingsAreTold } from "./0028-findings-are-told.ts";
import { resumableUploads } from "./0029-resumable-uploads.ts";
import { exactRoomOfProperties } from "./0030-exact-room-of-properties.ts";
import { scrubbingSchema } from "./0031-scrubbing.ts";

/** Schema N is what the first N leave behind. One that was released is never edited: a change is a new one at the end. */
const migrations: readonly ((types: ColumnTypes) => string[])[] = [
  firstSchema,
  identitySchema,
  securitySchema,
  chunkPlacesSchema,
  sharingSchema,
  timeOfHead,
  browserDevicesSchema,
  shareLinksSchema,
  mailQueueSchema,
  attemptsSchema,
  severalProcessesSchema,
  mergedVersions,
  conflictBases,
  noticesSchema,
  liveSessionsSchema,
  whoNoticesName,
  tasksSchema,
  davSchema,
  previewsSchema,
  alsoBy,
  placesOfHolders,
  jobRoundsSchema,
  commentsSchema,
  roomOfProperties,
  folderStampsSchema,
  uploadsInPartsSchema,
  scansSchema,
  findingsAreTold,
  resumableUploads,
  exactRoomOfProperties,
  scrubbingSchema,
];

/** The schema that this program works on. */
export const latestSchema = migrations.length;

/** Keeps two programs on PostgreSQL from migrating at once; any number that nobody else takes an advisory lock by. */
const migrationLock = 7_420_001;

/**
 * Brings the database to the latest schema, from whichever it has, in one transaction: a program that dies on the way leaves it as it was. Two programs may start at once.
 * @throws DatabaseNewerError
 */
export async function migrate(database: SqlDatabase, target: number = latestSchema): Promise<void> {
  await database.transaction(async (session) => {
    if (session.dialect === "postgres") await session.all(`SELECT pg_advisory_xact_lock(${migrationLock})`);
    await session.run("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
    const current = await schemaVersion(session);
    if (current > latestSchema) throw new DatabaseNewerError({ database: current, program: latestSchema });
    if (current >= target) return;
    for (const migration of migrations.slice(current, target)) {
      for (const statement of migration(columnTypes(session.dialect))) await session.run(statement);
    }
    await session.run("DELETE FROM schema_version");
    await session.run(`INSERT INTO schema_version (version) VALUES (${target})`);
  });
}

async function schemaVersion(session: SqlSession): Promise<number> {
  const [row] = await session.all<{ version: number }>("SELECT version FROM schema_version");
  return row?.version ?? 0;
}

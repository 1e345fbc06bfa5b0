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
  folderStampsSchema,
  uploadsInPartsSchema,

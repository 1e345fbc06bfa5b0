import { DatabaseSync } from "node:sqlite";
import { conflictBasesTable } from "./conflict-bases.ts";
import { leavingTable } from "./leaving.ts";

/** Bump with every change of {@link tables}; an older state is made anew, which costs a scan and a listing, never a file. */
const schemaVersion = 1;

/** A checkpoint for every 16 MiB of log: a burst writes the same pages again and again, and each checkpoint writes them once more. */
const checkpointPages = 4096;

const itemColumns = `
  id TEXT PRIMARY KEY,
  parent_id TEXT,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  content_hash TEXT,
  size INTEGER NOT NULL,
  modified_ms INTEGER NOT NULL,
  executable INTEGER NOT NULL,
  link_target TEXT`;

const tables = `
  CREATE TABLE remote (${itemColumns}, version_id TEXT, conflict_of TEXT, sequence INTEGER NOT NULL);
  CREATE INDEX remote_place ON remote (parent_id, name);
  CREATE INDEX remote_content ON remote (content_hash);
  CREATE TABLE local (${itemColumns}, known INTEGER NOT NULL, conflict_of TEXT, inode TEXT, fingerprint TEXT, modified_ns TEXT);
  CREATE INDEX local_place ON local (parent_id, name);
  CREATE INDEX local_inode ON local (inode);
  CREATE INDEX local_content ON local (content_hash);
  CREATE INDEX local_size ON local (size) WHERE size > 65536;
  CREATE TABLE synced (${itemColumns}, version_id TEXT);
  CREATE INDEX synced_place ON synced (parent_id, name);
  CREATE TABLE changed (id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE manifest (content_hash TEXT PRIMARY KEY, packed BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE chunk (hash TEXT NOT NULL, content_hash TEXT NOT NULL, offset INTEGER NOT NULL, PRIMARY KEY (hash, content_hash, offset)) WITHOUT ROWID;
  CREATE TABLE leftover (inode TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`;

/**
 * Opens the database of a device's state. It holds nothing that can't be found out again, so a power cut may take its last transactions along (`synchronous=NORMAL`): the next scan and the feed
 * bring them back. A damaged database is put aside and a new one made.
 */
export function openStateDatabase(path: string | DatabaseSync): DatabaseSync {
  const database = typeof path === "string" ? new DatabaseSync(path) : path;
  database.exec(
    `PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=${checkpointPages}; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;`,
  );
  database.exec(conflictBasesTable + leavingTable);
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version === schemaVersion) return database;
  if (version > schemaVersion) {
    database.close();
    throw new StateNewerError(typeof path === "string" ? path : ":memory:");
  }
  database.exec(`BEGIN; ${tables} PRAGMA user_version=${schemaVersion}; COMMIT;`);
  return database;
}

/** The state was written by a newer program. */
export class StateNewerError extends Error {
  override readonly name = "StateNewerError";

  constructor(path: string) {
    super(`The state in ${path} was written by a newer Satchel; update this one.`);
  }
}

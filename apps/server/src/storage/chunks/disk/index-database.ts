import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { ChunkStoreNewerError } from "../chunk-store-errors.ts";

/*
 * The index says where each chunk's records are: one, and copies that were put on behalf of others until `dropCopies` comes by. It never says more than the packs can show: rows are written after the fdatasync of
 * their records, so a row lost in a power cut is found again by scanning a pack from `end_bytes`, and a lost file by scanning all.
 * The counts in `packs` are kept by triggers, so that no path can forget them.
 */
const chunkTable = (name: string): string => `
  CREATE TABLE ${name} (
    hash BLOB NOT NULL, pack INTEGER NOT NULL, offset INTEGER NOT NULL, plain_bytes INTEGER NOT NULL, stored_bytes INTEGER NOT NULL,
    put_at_ms INTEGER NOT NULL, damaged INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (hash, pack, offset)
  ) STRICT, WITHOUT ROWID;
`;
const packTables = `
  CREATE TABLE packs (
    pack INTEGER PRIMARY KEY, identity BLOB NOT NULL, end_bytes INTEGER NOT NULL, chunks INTEGER NOT NULL DEFAULT 0,
    plain_bytes INTEGER NOT NULL DEFAULT 0, stored_bytes INTEGER NOT NULL DEFAULT 0, doomed INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1), closed INTEGER NOT NULL, touched_floor_ms INTEGER NOT NULL
  ) STRICT;
  INSERT INTO state VALUES (1, 0, 0);
`;
const chunkTriggers = `
  CREATE INDEX chunks_by_place ON chunks (pack, offset);
  CREATE TRIGGER chunk_added AFTER INSERT ON chunks BEGIN
    UPDATE packs SET chunks = chunks + 1, plain_bytes = plain_bytes + NEW.plain_bytes, stored_bytes = stored_bytes + NEW.stored_bytes
      WHERE pack = NEW.pack;
  END;
  CREATE TRIGGER chunk_removed AFTER DELETE ON chunks BEGIN
    UPDATE packs SET chunks = chunks - 1, plain_bytes = plain_bytes - OLD.plain_bytes, stored_bytes = stored_bytes - OLD.stored_bytes
      WHERE pack = OLD.pack;
  END;
  CREATE TRIGGER chunk_moved AFTER UPDATE OF pack ON chunks BEGIN
    UPDATE packs SET chunks = chunks - 1, plain_bytes = plain_bytes - OLD.plain_bytes, stored_bytes = stored_bytes - OLD.stored_bytes
      WHERE pack = OLD.pack;
    UPDATE packs SET chunks = chunks + 1, plain_bytes = plain_bytes + NEW.plain_bytes, stored_bytes = stored_bytes + NEW.stored_bytes
      WHERE pack = NEW.pack;
  END;
`;
const schema = `${chunkTable("chunks")} ${packTables} ${chunkTriggers}`;
/** Version 1 had one row for each chunk. What depends on a table goes with it. */
const fromVersion1 = `
  ${chunkTable("copies")}
  INSERT INTO copies SELECT hash, pack, offset, plain_bytes, stored_bytes, put_at_ms, damaged FROM chunks ORDER BY hash;
  DROP TABLE chunks;
  ALTER TABLE copies RENAME TO chunks;
  ${chunkTriggers}
`;
const schemaVersion = 2;
/** A checkpoint for every 16 MiB of log: its fsyncs are then rare beside those of the packs. */
const checkpointPages = 4096;
/** The writing and the reading thread each have a connection. */
const busyTimeoutMs = 5_000;
const cacheKiB = 32 * 1024;
/** SQLite's codes for a file that is damaged, or no database. */
const damagedCodes: readonly unknown[] = [11, 26];

/**
 * Opens the index for writing; makes it when it is not there, and anew when it is damaged, since the packs hold all that it knows.
 *
 * @throws ChunkStoreNewerError when a newer program wrote it.
 */
export function openIndexDatabase(path: string): DatabaseSync {
  try {
    return prepareDatabase(path);
  } catch (error) {
    const code = (error as { errcode?: unknown }).errcode;
    if (!damagedCodes.includes(code)) throw error;
    for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
    return prepareDatabase(path);
  }
}

/** A second connection that sees what the first has committed. */
export function openIndexForReading(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
  database.exec(`PRAGMA cache_size = -${cacheKiB}`);
  return database;
}

/**
 * Runs the steps in one transaction. It survives a crash of the process at once, and a power cut only when `durable` is asked for:
 * the packs make up for the rest.
 */
export function inTransaction<Result>(database: DatabaseSync, steps: () => Result, durable = false): Result {
  if (durable) database.exec("PRAGMA synchronous = FULL");
  try {
    database.exec("BEGIN IMMEDIATE");
    try {
      const result = steps();
      database.exec("COMMIT");
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  } finally {
    if (durable) database.exec("PRAGMA synchronous = NORMAL");
  }
}

/** Runs questions that belong together in one transaction: each by itself would lock and unlock the database. Not within another. */
export function inReading<Result>(database: DatabaseSync, questions: () => Result): Result {
  database.exec("BEGIN");
  try {
    return questions();
  } finally {
    if (database.isTransaction) database.exec("COMMIT");
  }
}

function prepareDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${checkpointPages}; PRAGMA cache_size = -${cacheKiB};
    `);
    const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version > schemaVersion) throw new ChunkStoreNewerError(path);
    const change = version === 0 ? schema : version === 1 ? fromVersion1 : undefined;
    if (change !== undefined)
      inTransaction(database, () => database.exec(`${change} PRAGMA user_version = ${schemaVersion};`), true);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

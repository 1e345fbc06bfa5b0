import type { SqlDatabase, SqlDialect, SqlSession } from "../../metadata/sql/sql-database.ts";
import { indexVersion, placeSequence, searchTables, tables } from "./search-tables.ts";

/** Keeps two programs on PostgreSQL from making the tables at once; any number that nobody else takes an advisory lock by. */
const schemaLock = 7_420_002;
/** The last version whose tables had no number, and what they were called. */
const unnumbered = { version: 3, tables: ["search_version", "search_workspaces", "search_names", "search_grams"] };

/**
 * Makes the tables of this version where they aren't there, and anew where they were sealed with another key. They aren't among the migrations, since nothing in them has to be kept. Those of earlier versions are left to the servers that may still run for a day; then they are dropped when an index is opened.
 * Entries are kept by the own part of their ids beside their workspace's number. The pieces of names and texts are in inverted indexes: FTS5 on SQLite, without the texts, and GIN over an array on PostgreSQL, which takes no extension.
 */
export async function openSearchSchema(database: SqlDatabase, keyPrint: string): Promise<void> {
  await database.transaction(async (session) => {
    const { dialect } = session;
    if (dialect === "postgres") await session.all(`SELECT pg_advisory_xact_lock(${schemaLock})`);
    const openedAt =
      dialect === "sqlite" ? "TEXT DEFAULT CURRENT_TIMESTAMP" : "TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP";
    await session.run(
      `CREATE TABLE IF NOT EXISTS search_versions (version INTEGER PRIMARY KEY, key_print TEXT NOT NULL, opened_at ${openedAt})`,
    );
    await session.run(
      `INSERT INTO search_versions (version, key_print) VALUES (${unnumbered.version}, '') ON CONFLICT (version) DO NOTHING`,
    );
    const [own] = await session.all<{ key_print: string }>(
      `SELECT key_print FROM search_versions WHERE version = ${indexVersion}`,
    );
    if (own?.key_print !== keyPrint) {
      await dropVersion(session, indexVersion);
      for (const statement of statements(dialect)) await session.run(statement);
      await session.run(`INSERT INTO search_versions (version, key_print) VALUES (${indexVersion}, $1)`, [keyPrint]);
    }
    await dropEarlier(session);
  });
}

async function dropEarlier(session: SqlSession): Promise<void> {
  // A program on SQLite is alone.
  const isLongAgo = session.dialect === "sqlite" ? "TRUE" : "opened_at < CURRENT_TIMESTAMP - INTERVAL '1 day'";
  const earlier = await session.all<{ version: number }>(
    `SELECT version FROM search_versions WHERE version < ${indexVersion}
       AND EXISTS (SELECT 1 FROM search_versions WHERE version = ${indexVersion} AND ${isLongAgo})`,
  );
  for (const { version } of earlier) await dropVersion(session, version);
}

async function dropVersion(session: SqlSession, version: number): Promise<void> {
  const names = version === unnumbered.version ? unnumbered.tables : Object.values(searchTables(version));
  for (const table of names) await session.run(`DROP TABLE IF EXISTS ${table}`);
  await session.run("DELETE FROM search_versions WHERE version = $1", [version]);
}

/** Of a row of names; in these words, since an index is for them. */
export const isUnread = "content IS DISTINCT FROM read";

function statements(dialect: SqlDialect): string[] {
  const [text, number] =
    dialect === "sqlite"
      ? ["TEXT", "INTEGER PRIMARY KEY"]
      : ['TEXT COLLATE "C"', "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"];
  const int = dialect === "sqlite" ? "INTEGER" : "BIGINT";
  return [
    `CREATE TABLE ${tables.workspaces} (
      number ${number},
      workspace_id ${text} NOT NULL UNIQUE,
      sequence ${int},
      epoch ${text},
      listing_head ${int},
      made_at_ms ${int},
      last_place ${int}
    )`,
    `CREATE TABLE ${tables.names} (
      place ${int} PRIMARY KEY,
      workspace ${int} NOT NULL,
      entry ${text} NOT NULL,
      parent ${text} NOT NULL,
      name ${text} NOT NULL,
      kind ${text} NOT NULL,
      size ${int} NOT NULL,
      modified_ms ${int},
      content ${text},
      read ${text}${dialect === "sqlite" ? "" : `,\n      grams TEXT[] COLLATE "C" NOT NULL`}
    )`,
    `CREATE UNIQUE INDEX ${tables.names}_by_entry ON ${tables.names} (workspace, entry)`,
    `CREATE INDEX ${tables.names}_by_parent ON ${tables.names} (workspace, parent, entry)`,
    // What is wanted of an entry's content, and what is there, as hashes of versions.
    `CREATE INDEX ${tables.names}_unread ON ${tables.names} (place) WHERE ${isUnread}`,
    `CREATE INDEX ${tables.names}_unread_of ON ${tables.names} (workspace) WHERE ${isUnread}`,
    ...(dialect === "sqlite"
      ? // What is ASCII is in lower case already, and all else belongs to words: so the tokens are the pieces, as they are.
        [
          `CREATE VIRTUAL TABLE ${tables.grams} USING fts5 (grams, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii')`,
          `CREATE TABLE ${tables.texts} (place INTEGER PRIMARY KEY, text BLOB NOT NULL)`,
          `CREATE VIRTUAL TABLE ${tables.words} USING fts5 (pieces, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii')`,
        ]
      : [
          // A list of what waits to be indexed would have to be read by every search.
          `CREATE INDEX ${tables.names}_by_gram ON ${tables.names} USING gin (grams) WITH (fastupdate = off)`,
          `CREATE SEQUENCE IF NOT EXISTS ${placeSequence}`,
          `CREATE TABLE ${tables.texts} (place BIGINT PRIMARY KEY, pieces TEXT[] COLLATE "C" NOT NULL, text BYTEA NOT NULL)`,
          // A text has a thousand pieces, most of them those of others: they are put in together for some thirty texts, until when a search reads those one by one.
          `CREATE INDEX ${tables.texts}_by_piece ON ${tables.texts} USING gin (pieces) WITH (fastupdate = on, gin_pending_list_limit = 1024)`,
          `ALTER TABLE ${tables.texts} ALTER COLUMN pieces SET STATISTICS 300`,
          // How common a piece is decides whether the newest names are looked through or those with the piece fetched: so it should be known of many.
          `ALTER TABLE ${tables.names} ALTER COLUMN grams SET STATISTICS 300`,
        ]),
  ];
}

import type { SqlDatabase, SqlDialect, SqlSession } from "../../metadata/sql/sql-database.ts";

/** Goes up with whatever changes tables, pieces of names, or what is kept: an index of another version is made anew. */
const indexVersion = 3;
/** Keeps two programs on PostgreSQL from making the tables at once; any number that nobody else takes an advisory lock by. */
const schemaLock = 7_420_002;

const tables = ["search_version", "search_workspaces", "search_names", "search_grams"] as const;

/**
 * Makes the tables, in place of those of another version. They aren't among the migrations, since nothing in them has to be kept. Entries are kept by the own part of their ids beside their workspace's number. The pieces of names are in an
 * inverted index: FTS5 on SQLite, without the texts, and GIN over an array on PostgreSQL, which takes no extension.
 */
export async function openSearchSchema(database: SqlDatabase): Promise<void> {
  await database.transaction(async (session) => {
    if (session.dialect === "postgres") await session.all(`SELECT pg_advisory_xact_lock(${schemaLock})`);
    await session.run("CREATE TABLE IF NOT EXISTS search_version (version INTEGER NOT NULL)");
    if ((await versionOf(session)) === indexVersion) return;
    for (const table of tables) await session.run(`DROP TABLE IF EXISTS ${table}`);
    for (const statement of statements(session.dialect)) await session.run(statement);
    await session.run(`INSERT INTO search_version (version) VALUES (${indexVersion})`);
  });
}

async function versionOf(session: SqlSession): Promise<number | undefined> {
  const [row] = await session.all<{ version: number }>("SELECT version FROM search_version");
  return row?.version;
}

function statements(dialect: SqlDialect): string[] {
  const [text, number] =
    dialect === "sqlite"
      ? ["TEXT", "INTEGER PRIMARY KEY"]
      : ['TEXT COLLATE "C"', "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"];
  const int = dialect === "sqlite" ? "INTEGER" : "BIGINT";
  return [
    `CREATE TABLE search_version (version INTEGER NOT NULL)`,
    `CREATE TABLE search_workspaces (
      number ${number},
      workspace_id ${text} NOT NULL UNIQUE,
      sequence ${int},
      epoch ${text},
      listing_head ${int},
      made_at_ms ${int}
    )`,
    `CREATE TABLE search_names (
      place ${int} PRIMARY KEY,
      workspace ${int} NOT NULL,
      entry ${text} NOT NULL,
      parent ${text} NOT NULL,
      name ${text} NOT NULL,
      kind ${text} NOT NULL,
      size ${int} NOT NULL,
      modified_ms ${int}${dialect === "sqlite" ? "" : `,\n      grams TEXT[] COLLATE "C" NOT NULL`}
    )`,
    `CREATE UNIQUE INDEX search_names_by_entry ON search_names (workspace, entry)`,
    `CREATE INDEX search_names_by_parent ON search_names (workspace, parent, entry)`,
    ...(dialect === "sqlite"
      ? // What is ASCII is in lower case already, and all else belongs to words: so the tokens are the pieces, as they are.
        [
          `CREATE VIRTUAL TABLE search_grams USING fts5 (grams, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii')`,
        ]
      : [
          // A list of what waits to be indexed would have to be read by every search.
          `CREATE INDEX search_names_by_gram ON search_names USING gin (grams) WITH (fastupdate = off)`,
          `CREATE SEQUENCE IF NOT EXISTS search_place`,
          // How common a piece is decides whether the newest names are looked through or those with the piece fetched: so it should be known of many.
          `ALTER TABLE search_names ALTER COLUMN grams SET STATISTICS 300`,
        ]),
  ];
}

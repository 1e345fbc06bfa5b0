import { randomBytes } from "node:crypto";
import type { TestContext } from "node:test";
import { createRetention } from "../../../features/retention/retention.ts";
import { migrate } from "../../../storage/metadata/migrations/migrate.ts";
import { openSqliteDatabase } from "../../../storage/metadata/sql/sqlite-database.ts";
import { createSqlMetadataStore } from "../../../storage/metadata/sql-metadata-store.ts";
import { startTestServer } from "../../test-server.fixture.ts";

export const dayMs = 24 * 3600 * 1000;

/** A server whose database a test can search through. */
export async function startSearchable(t: TestContext) {
  const database = openSqliteDatabase({ path: ":memory:" });
  await migrate(database);
  const metadata = createSqlMetadataStore({ database, randomBytes });
  const server = await startTestServer(t, { metadata, tellsNotices: true });
  const host = { nowMs: server.nowMs, randomBytes: () => new Uint8Array(), after: () => () => {} };
  const retention = createRetention({
    metadata,
    chunks: server.chunks,
    host,
    periods: { keepMs: 30 * dayMs, graceMs: dayMs, maxVersions: 100, auditKeepMs: 365 * dayMs },
    auditKey: server.keys.audit,
    eraseDue: server.core.deletions.eraseDue,
  });
  const round = () => retention.run(new AbortController().signal);
  /** Every row of every table in which one of these texts stands. */
  const search = (...texts: readonly string[]) =>
    database.read(async (session) => {
      const tables = await session.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
      const found: string[] = [];
      for (const { name } of tables) {
        for (const row of await session.all(`SELECT * FROM ${name}`)) {
          const text = JSON.stringify(row);
          if (texts.some((wanted) => text.includes(wanted))) found.push(`${name}: ${text}`);
        }
      }
      return found;
    });
  return { server, round, search };
}

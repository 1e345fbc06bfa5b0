import { DatabaseInUseError } from "../metadata-archive.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";

/** The mark of a PostgreSQL database that another one's data is moving into: as long as it is there, some of it may be missing. */

/** Says whose data it is. */
export async function markArrival(session: SqlSession, sourceId: string): Promise<void> {
  await session.run("CREATE TABLE promotion (source_id TEXT NOT NULL)");
  await session.run("INSERT INTO promotion (source_id) VALUES ($1)", [sourceId]);
}

/** Whose data is moving here; undefined where none is. */
export async function findArrival(session: SqlSession): Promise<string | undefined> {
  const [marked] = await session.all<{ there: string | null }>("SELECT to_regclass('promotion')::text AS there");
  if (!marked?.there) return undefined;
  const [copied] = await session.all<{ source_id: string }>("SELECT source_id FROM promotion");
  return copied?.source_id;
}

/** All has arrived. Nothing happens where that was said before. */
export async function endArrival(target: SqlDatabase): Promise<void> {
  await target.transaction((session) => session.run("DROP TABLE IF EXISTS promotion"));
}

/** For whoever takes the database for a server's: what is written there is lost while another still sends. @throws DatabaseInUseError */
export async function requireArrived(database: SqlDatabase): Promise<void> {
  if ((await database.read(findArrival)) !== undefined)
    throw new DatabaseInUseError(
      "not all of the server that moves into this database has arrived: run `satchel admin promote` to its end",
    );
}

import type { ChunkStoreStatistics } from "../../chunks/chunk-store.ts";
import type { ChunkObject, ChunkPlaceStore, PlacedChunk } from "../chunk-place-store.ts";
import { inList, listParameter, listTable } from "../sql/list-table.ts";
import { defineInsert, type SqlSession } from "../sql/sql-database.ts";

const addObject = defineInsert("chunk_objects", {
  object_key: "text",
  size_bytes: "int",
  state: "text",
  announced_at_ms: "int",
  chunks: "int",
  plain_bytes: "int",
  stored_bytes: "int",
});

/** See ChunkPlaceStore.announce. */
export async function announce(session: SqlSession, objects: readonly ChunkObject[], nowMs: number): Promise<void> {
  const rows = objects.map(({ key, sizeBytes }) => [key, sizeBytes, "announced", nowMs, 0, 0, 0]);
  await session.insert(addObject, rows);
}

/** Counts chunks into the announced objects that they are in; `keys` are all of these objects. @throws when one was given up */
export async function addToObjects(
  session: SqlSession,
  chunks: readonly PlacedChunk[],
  keys: ReadonlySet<string>,
): Promise<void> {
  const none = [...keys].map((key) => [key, { chunks: 0, plainBytes: 0, storedBytes: 0 }] as const);
  const sums = new Map([...none, ...sumByObject(chunks)]);
  const filled = await session.run(
    `UPDATE chunk_objects SET state = 'filled', chunks = added.chunks, plain_bytes = added.plain_bytes, stored_bytes = added.stored_bytes
     FROM ${listTable(session.dialect, "$1", "added", sumShape)}
     WHERE chunk_objects.object_key = added.object_key AND chunk_objects.state = 'announced'`,
    [sumParameter(sums)],
  );
  if (filled < sums.size) throw new Error("an object took so long to be written that it was given up");
}

/** Counts chunks out of the objects that they were in. */
export async function takeFromObjects(session: SqlSession, chunks: readonly PlacedChunk[]): Promise<void> {
  if (chunks.length === 0) return;
  await session.run(
    `UPDATE chunk_objects SET chunks = chunk_objects.chunks - taken.chunks,
       plain_bytes = chunk_objects.plain_bytes - taken.plain_bytes, stored_bytes = chunk_objects.stored_bytes - taken.stored_bytes
     FROM ${listTable(session.dialect, "$1", "taken", sumShape)} WHERE chunk_objects.object_key = taken.object_key`,
    [sumParameter(sumByObject(chunks))],
  );
}

/** See ChunkPlaceStore.listSparse. */
export async function listSparse(
  session: SqlSession,
  { after, limit }: Parameters<ChunkPlaceStore["listSparse"]>[0],
): Promise<ChunkObject[]> {
  return session.all<ChunkObject>(
    `SELECT object_key AS "key", size_bytes AS "sizeBytes" FROM chunk_objects
     WHERE chunks > 0 AND stored_bytes * 2 < size_bytes AND object_key > $1 ORDER BY object_key LIMIT $2`,
    [after ?? "", limit],
  );
}

/** See ChunkPlaceStore.listForsaken. */
export async function listForsaken(
  session: SqlSession,
  { announcedBeforeMs, limit }: Parameters<ChunkPlaceStore["listForsaken"]>[0],
): Promise<ChunkObject[]> {
  const objects = await session.all<ChunkObject>(
    `SELECT object_key AS "key", size_bytes AS "sizeBytes" FROM chunk_objects
     WHERE chunks = 0 AND (state IN ('filled', 'forsaken') OR (state = 'announced' AND announced_at_ms < $1)) LIMIT $2`,
    [announcedBeforeMs, limit],
  );
  if (objects.length > 0)
    await session.run(
      `UPDATE chunk_objects SET state = 'forsaken' WHERE ${inList(session.dialect, "$1", { object_key: "text" })}`,
      [keyList(objects.map(({ key }) => key))],
    );
  return objects;
}

/** See ChunkPlaceStore.forget. */
export async function forget(session: SqlSession, keys: readonly string[]): Promise<void> {
  const sql = `DELETE FROM chunk_objects WHERE ${inList(session.dialect, "$1", { object_key: "text" })} AND state = 'forsaken'`;
  await session.run(sql, [keyList(keys)]);
}

/** See ChunkPlaceStore.statistics. */
export async function statistics(session: SqlSession): Promise<ChunkStoreStatistics> {
  const [row] = await session.all<ChunkStoreStatistics>(
    `SELECT CAST(COALESCE(SUM(chunks), 0) AS BIGINT) AS "chunks", CAST(COALESCE(SUM(plain_bytes), 0) AS BIGINT) AS "plainBytes",
       CAST(COALESCE(SUM(stored_bytes), 0) AS BIGINT) AS "storedBytes", CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) AS "occupiedBytes"
     FROM chunk_objects`,
  );
  if (!row) throw new Error("a sum has one row");
  return { ...row };
}

interface ObjectSums {
  chunks: number;
  plainBytes: number;
  storedBytes: number;
}

const sumShape = { object_key: "text", chunks: "int", plain_bytes: "int", stored_bytes: "int" } as const;

function sumByObject(chunks: readonly PlacedChunk[]): Map<string, ObjectSums> {
  const sums = new Map<string, ObjectSums>();
  for (const { objectKey, plainBytes, storedBytes } of chunks) {
    const sum = sums.get(objectKey) ?? { chunks: 0, plainBytes: 0, storedBytes: 0 };
    sum.chunks += 1;
    sum.plainBytes += plainBytes;
    sum.storedBytes += storedBytes;
    sums.set(objectKey, sum);
  }
  return sums;
}

/** In the order of their keys, so that two that count the same objects wait for each other instead of deadlocking. */
function sumParameter(sums: ReadonlyMap<string, ObjectSums>): string {
  const rows = [...sums].map(([object_key, { chunks, plainBytes, storedBytes }]) => ({
    object_key,
    chunks,
    plain_bytes: plainBytes,
    stored_bytes: storedBytes,
  }));
  return listParameter(rows.toSorted((a, b) => (a.object_key < b.object_key ? -1 : 1)));
}

function keyList(keys: readonly string[]): string {
  return listParameter(keys.toSorted().map((object_key) => ({ object_key })));
}

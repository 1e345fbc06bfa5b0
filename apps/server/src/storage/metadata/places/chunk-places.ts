import type { ChunkHash } from "@satchel/protocol";
import type { StoredChunk } from "../../chunks/chunk-store.ts";
import type { ChunkPlaceStore, FoundPlace, PlacedChunk } from "../chunk-place-store.ts";
import { inList, listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import { defineInsert, type SqlSession } from "../sql/sql-database.ts";
import { addToObjects, takeFromObjects } from "./chunk-objects.ts";

const addPlace = defineInsert(
  "chunk_places",
  {
    chunk_hash: "bytes",
    object_key: "text",
    place_offset: "int",
    stored_bytes: "int",
    plain_bytes: "int",
    is_compressed: "int",
    is_damaged: "int",
    put_at_ms: "int",
  },
  "ON CONFLICT (chunk_hash) DO NOTHING",
);

const columns = "chunk_hash, object_key, place_offset, stored_bytes, plain_bytes, is_compressed";

interface PlaceRow {
  readonly chunk_hash: Uint8Array;
  readonly object_key: string;
  readonly place_offset: number;
  readonly stored_bytes: number;
  readonly plain_bytes: number;
  readonly is_compressed: number;
}

/** See ChunkPlaceStore.place. */
export async function place(session: SqlSession, chunks: readonly PlacedChunk[], nowMs: number): Promise<void> {
  const hashes = chunks.map(({ hash }) => hash);
  const sound = await touch(session, hashes, nowMs);
  const fresh = chunks.filter((_, index) => !sound[index]);
  await removePlaces(
    session,
    fresh.map(({ hash }) => hash),
  );
  const rows = fresh.map((chunk) => [
    Uint8Array.fromHex(chunk.hash),
    chunk.objectKey,
    chunk.offset,
    chunk.storedBytes,
    chunk.plainBytes,
    Number(chunk.isCompressed),
    0,
    nowMs,
  ]);
  await session.insert(addPlace, rows);
  // Another server may have placed some of them in between: theirs stay. An object that is left with none is forsaken.
  const found = await find(session, hashes);
  const placed = chunks.filter(({ objectKey }, index) => found[index]?.objectKey === objectKey);
  await addToObjects(session, placed, new Set(chunks.map(({ objectKey }) => objectKey)));
}

/** See ChunkPlaceStore.find. */
export async function find(session: SqlSession, hashes: readonly ChunkHash[]): Promise<(FoundPlace | undefined)[]> {
  const { dialect } = session;
  const asked = listTable(dialect, "$1", "asked", { hash: "bytes", position: "int" });
  const places = lookUp(dialect, { table: "chunk_places p", where: "p.chunk_hash = asked.hash" });
  const rows = await session.all<PlaceRow & { position: number; is_damaged: number }>(
    `SELECT asked.position, p.is_damaged, ${columns} FROM ${asked} ${places}`,
    [listParameter(hashes.map((hash, position) => ({ hash, position })))],
  );
  const found: (FoundPlace | undefined)[] = hashes.map(() => undefined);
  for (const row of rows) found[row.position] = { ...toPlaced(row), isDamaged: row.is_damaged !== 0 };
  return found;
}

/** See ChunkPlaceStore.touch. */
export async function touch(session: SqlSession, hashes: readonly ChunkHash[], nowMs: number): Promise<boolean[]> {
  if (hashes.length === 0) return [];
  const rows = await session.all<{ chunk_hash: Uint8Array }>(
    `UPDATE chunk_places SET put_at_ms = CASE WHEN put_at_ms < $2 THEN $2 ELSE put_at_ms END
     WHERE ${inList(session.dialect, "$1", { chunk_hash: "bytes" })} AND is_damaged = 0 RETURNING chunk_hash`,
    [hashList(hashes), nowMs],
  );
  const present = new Set(rows.map(({ chunk_hash: hash }) => toHash(hash)));
  return hashes.map((hash) => present.has(hash));
}

/** See ChunkPlaceStore.markDamaged. */
export async function markDamaged(
  session: SqlSession,
  { hash, objectKey }: Parameters<ChunkPlaceStore["markDamaged"]>[0],
): Promise<void> {
  const sql = "UPDATE chunk_places SET is_damaged = 1 WHERE chunk_hash = $1 AND object_key = $2";
  await session.run(sql, [Uint8Array.fromHex(hash), objectKey]);
}

/** See ChunkPlaceStore.list. */
export async function list(
  session: SqlSession,
  { after, limit }: Parameters<ChunkPlaceStore["list"]>[0],
): Promise<StoredChunk[]> {
  const rows = await session.all<{ chunk_hash: Uint8Array; plain_bytes: number; put_at_ms: number }>(
    "SELECT chunk_hash, plain_bytes, put_at_ms FROM chunk_places WHERE chunk_hash > $1 ORDER BY chunk_hash LIMIT $2",
    [Uint8Array.fromHex(after ?? ""), limit],
  );
  return rows.map((row) => ({
    hash: toHash(row.chunk_hash),
    sizeBytes: row.plain_bytes,
    putAtMs: row.put_at_ms,
  }));
}

/** See ChunkPlaceStore.removeUntouchedSince. PostgreSQL looks at the condition again when it had to wait for a touch. */
export async function removeUntouchedSince(
  session: SqlSession,
  { hashes, sinceMs }: Parameters<ChunkPlaceStore["removeUntouchedSince"]>[0],
): Promise<ChunkHash[]> {
  if (hashes.length === 0) return [];
  const rows = await session.all<PlaceRow>(
    `DELETE FROM chunk_places WHERE ${inList(session.dialect, "$1", { chunk_hash: "bytes" })} AND put_at_ms < $2 RETURNING ${columns}`,
    [hashList(hashes), sinceMs],
  );
  const removed = rows.map(toPlaced);
  await takeFromObjects(session, removed);
  const gone = new Set(removed.map(({ hash }) => hash));
  return hashes.filter((hash) => gone.delete(hash));
}

/** See ChunkPlaceStore.listPlaced. */
export async function listPlaced(session: SqlSession, objectKey: string): Promise<PlacedChunk[]> {
  const rows = await session.all<PlaceRow>(
    `SELECT ${columns} FROM chunk_places WHERE object_key = $1 ORDER BY place_offset`,
    [objectKey],
  );
  return rows.map(toPlaced);
}

/** See ChunkPlaceStore.move. */
export async function move(session: SqlSession, chunks: readonly PlacedChunk[], fromKey: string): Promise<void> {
  const { dialect } = session;
  const shape = { hash: "bytes", object_key: "text", place_offset: "int" } as const;
  const moved = await session.all<{ chunk_hash: Uint8Array }>(
    `UPDATE chunk_places SET object_key = moved.object_key, place_offset = moved.place_offset
     FROM ${listTable(dialect, "$1", "moved", shape)}
     WHERE chunk_places.chunk_hash = moved.hash AND chunk_places.object_key = $2 RETURNING chunk_places.chunk_hash`,
    [
      listParameter(
        chunks.map(({ hash, objectKey, offset }) => ({ hash, object_key: objectKey, place_offset: offset })),
      ),
      fromKey,
    ],
  );
  const hashes = new Set(moved.map(({ chunk_hash: hash }) => toHash(hash)));
  const followed = chunks.filter(({ hash }) => hashes.has(hash));
  await addToObjects(session, followed, new Set(chunks.map(({ objectKey }) => objectKey)));
  await takeFromObjects(
    session,
    followed.map((chunk) => ({ ...chunk, objectKey: fromKey })),
  );
}

/** Takes away what is there of these, whatever it is. */
async function removePlaces(session: SqlSession, hashes: readonly ChunkHash[]): Promise<void> {
  if (hashes.length === 0) return;
  const rows = await session.all<PlaceRow>(
    `DELETE FROM chunk_places WHERE ${inList(session.dialect, "$1", { chunk_hash: "bytes" })} RETURNING ${columns}`,
    [hashList(hashes)],
  );
  await takeFromObjects(session, rows.map(toPlaced));
}

function hashList(hashes: readonly ChunkHash[]): string {
  return listParameter([...new Set(hashes)].toSorted().map((hash) => ({ chunk_hash: hash })));
}

function toPlaced(row: PlaceRow): PlacedChunk {
  return {
    hash: toHash(row.chunk_hash),
    objectKey: row.object_key,
    offset: row.place_offset,
    storedBytes: row.stored_bytes,
    plainBytes: row.plain_bytes,
    isCompressed: row.is_compressed !== 0,
  };
}

function toHash(bytes: Uint8Array): ChunkHash {
  return bytes.toHex() as ChunkHash;
}

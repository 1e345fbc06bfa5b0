import type { ChunkHash } from "@satchel/protocol";
import type { StoredChunk } from "../../chunks/chunk-store.ts";
import type { ChunkPlaceStore, FoundPlace, PlacedChunk } from "../chunk-place-store.ts";
import { hashOfBytes } from "../rows/chunk-hash.ts";
import { inList, listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import { defineInsert, type SqlSession } from "../sql/sql-database.ts";
import { addToObjects, takeFromObjects } from "./chunk-objects.ts";

const addPlace = defineInsert(
  "chunk_places",
  {
    chunk_hash: "bytes",
    holder: "text",
    object_key: "text",
    place_offset: "int",
    stored_bytes: "int",
    plain_bytes: "int",
    is_compressed: "int",
    is_damaged: "int",
    put_at_ms: "int",
  },
  "ON CONFLICT (chunk_hash, holder) DO NOTHING",
);

const columns = "chunk_hash, holder, object_key, place_offset, stored_bytes, plain_bytes, is_compressed";

interface PlaceRow {
  readonly chunk_hash: Uint8Array;
  readonly holder: string;
  readonly object_key: string;
  readonly place_offset: number;
  readonly stored_bytes: number;
  readonly plain_bytes: number;
  readonly is_compressed: number;
}

/** See ChunkPlaceStore.place. */
export async function place(session: SqlSession, chunks: readonly PlacedChunk[], nowMs: number): Promise<void> {
  const sound = await touchPlaces(session, chunks, nowMs);
  const fresh = chunks.filter((chunk) => !sound.has(nameOf(chunk)));
  await removePlaces(session, fresh);
  const rows = fresh.map((chunk) => [
    Uint8Array.fromHex(chunk.hash),
    chunk.holder,
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
  const keys = await keysOf(session, chunks);
  const placed = chunks.filter((chunk) => keys.get(nameOf(chunk)) === chunk.objectKey);
  await addToObjects(session, placed, new Set(chunks.map(({ objectKey }) => objectKey)));
}

/** See ChunkPlaceStore.find. */
export async function find(
  session: SqlSession,
  hashes: readonly ChunkHash[],
  holder: string,
): Promise<(FoundPlace | undefined)[]> {
  const { dialect } = session;
  const asked = listTable(dialect, "$1", "asked", { hash: "bytes", position: "int" });
  // Two at most of each, however many have brought it: the holder's own, and one of the others, sound if there is such.
  const others = "FROM chunk_places o WHERE o.chunk_hash = asked.hash";
  const other = `COALESCE((SELECT o.holder ${others} AND o.is_damaged = 0 ORDER BY o.holder LIMIT 1), (SELECT MIN(o.holder) ${others}))`;
  const places = lookUp(dialect, {
    table: "chunk_places p",
    where: `p.chunk_hash = asked.hash AND p.holder IN ($2, ${other})`,
  });
  const rows = await session.all<PlaceRow & { position: number; is_damaged: number }>(
    `SELECT asked.position, p.is_damaged, ${columns} FROM ${asked} ${places}`,
    [listParameter(hashes.map((hash, position) => ({ hash, position }))), holder],
  );
  const found: (FoundPlace | undefined)[] = hashes.map(() => undefined);
  const worth = (place: FoundPlace | undefined): number =>
    place === undefined ? 0 : place.isDamaged ? 1 : place.holder === holder ? 3 : 2;
  for (const row of rows) {
    const place = { ...toPlaced(row), isDamaged: row.is_damaged !== 0 };
    if (worth(place) > worth(found[row.position])) found[row.position] = place;
  }
  return found;
}

/** One place of one holder. */
type PlaceName = Pick<PlacedChunk, "hash" | "holder">;

function nameOf({ hash, holder }: PlaceName): string {
  return `${hash} ${holder}`;
}

/** The places of these holders, as a table, in an order in which two that want the same wait for each other instead of deadlocking. */
function placeList(chunks: readonly PlaceName[]): string {
  const distinct = [...new Map(chunks.map((chunk) => [nameOf(chunk), chunk])).values()];
  const ordered = distinct.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return listParameter(ordered.map(({ hash, holder }) => ({ chunk_hash: hash, holder })));
}

const nameShape = { chunk_hash: "bytes", holder: "text" } as const;

/** Is a row one of these places? On PostgreSQL by its chunk first, which the planner finds by index whatever it believes of sizes. */
function isNamed({ dialect }: SqlSession): string {
  if (dialect === "sqlite") return inList(dialect, "$1", nameShape);
  const named = `SELECT named.chunk_hash, named.holder FROM ${listTable(dialect, "$1", "named", nameShape)}`;
  return `${inList(dialect, "$1", { chunk_hash: "bytes" })} AND (chunk_hash, holder) IN (${named})`;
}

/** Makes the last put of the sound ones among these places now; answers their names. */
async function touchPlaces(
  session: SqlSession,
  chunks: readonly PlaceName[],
  nowMs: number,
): Promise<ReadonlySet<string>> {
  const rows = await session.all<Pick<PlaceRow, "chunk_hash" | "holder">>(
    `UPDATE chunk_places SET put_at_ms = CASE WHEN put_at_ms < $2 THEN $2 ELSE put_at_ms END
     WHERE ${isNamed(session)} AND is_damaged = 0 RETURNING chunk_hash, holder`,
    [placeList(chunks), nowMs],
  );
  return new Set(rows.map(({ chunk_hash: hash, holder }) => nameOf({ hash: hashOfBytes(hash), holder })));
}

/** By name, in which objects these places are. */
async function keysOf(session: SqlSession, chunks: readonly PlaceName[]): Promise<ReadonlyMap<string, string>> {
  const { dialect } = session;
  const places = lookUp(dialect, {
    table: "chunk_places p",
    where: "p.chunk_hash = named.chunk_hash AND p.holder = named.holder",
  });
  const rows = await session.all<Pick<PlaceRow, "chunk_hash" | "holder" | "object_key">>(
    `SELECT p.chunk_hash, p.holder, p.object_key FROM ${listTable(dialect, "$1", "named", nameShape)} ${places}`,
    [placeList(chunks)],
  );
  return new Map(
    rows.map((row) => [nameOf({ hash: hashOfBytes(row.chunk_hash), holder: row.holder }), row.object_key]),
  );
}

/** See ChunkPlaceStore.touch. */
export async function touch(session: SqlSession, hashes: readonly ChunkHash[], nowMs: number): Promise<boolean[]> {
  if (hashes.length === 0) return [];
  const rows = await session.all<{ chunk_hash: Uint8Array }>(
    `UPDATE chunk_places SET put_at_ms = CASE WHEN put_at_ms < $2 THEN $2 ELSE put_at_ms END
     WHERE ${inList(session.dialect, "$1", { chunk_hash: "bytes" })} AND is_damaged = 0 RETURNING chunk_hash`,
    [hashList(hashes), nowMs],
  );
  const present = new Set(rows.map(({ chunk_hash: hash }) => hashOfBytes(hash)));
  return hashes.map((hash) => present.has(hash));
}

/** See ChunkPlaceStore.touch: the places of one holder. */
export async function touchOwn(
  session: SqlSession,
  hashes: readonly ChunkHash[],
  { holder, nowMs }: { readonly holder: string; readonly nowMs: number },
): Promise<boolean[]> {
  if (hashes.length === 0) return [];
  const own = hashes.map((hash) => ({ hash, holder }));
  const present = await touchPlaces(session, own, nowMs);
  return own.map((name) => present.has(nameOf(name)));
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
    `SELECT chunk_hash, MAX(plain_bytes) AS plain_bytes, MAX(put_at_ms) AS put_at_ms FROM chunk_places
     WHERE chunk_hash > $1 GROUP BY chunk_hash ORDER BY chunk_hash LIMIT $2`,
    [Uint8Array.fromHex(after ?? ""), limit],
  );
  return rows.map((row) => ({
    hash: hashOfBytes(row.chunk_hash),
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
    `DELETE FROM chunk_places WHERE ${inList(session.dialect, "$1", { chunk_hash: "bytes" })} AND put_at_ms < $2
       AND NOT EXISTS (SELECT 1 FROM chunk_places o WHERE o.chunk_hash = chunk_places.chunk_hash AND o.put_at_ms >= $2) RETURNING ${columns}`,
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
  const shape = { hash: "bytes", holder: "text", object_key: "text", place_offset: "int" } as const;
  const moved = await session.all<{ chunk_hash: Uint8Array; holder: string }>(
    `UPDATE chunk_places SET object_key = moved.object_key, place_offset = moved.place_offset
     FROM ${listTable(dialect, "$1", "moved", shape)}
     WHERE chunk_places.chunk_hash = moved.hash AND chunk_places.holder = moved.holder AND chunk_places.object_key = $2
     RETURNING chunk_places.chunk_hash AS chunk_hash, chunk_places.holder AS holder`,
    [
      listParameter(
        chunks.map(({ hash, holder, objectKey, offset }) => ({
          hash,
          holder,
          object_key: objectKey,
          place_offset: offset,
        })),
      ),
      fromKey,
    ],
  );
  const names = new Set(moved.map(({ chunk_hash: hash, holder }) => nameOf({ hash: hashOfBytes(hash), holder })));
  const followed = chunks.filter((chunk) => names.has(nameOf(chunk)));
  await addToObjects(session, followed, new Set(chunks.map(({ objectKey }) => objectKey)));
  await takeFromObjects(
    session,
    followed.map((chunk) => ({ ...chunk, objectKey: fromKey })),
  );
}

/** Takes away what is there of these, whatever it is. */
async function removePlaces(session: SqlSession, chunks: readonly PlaceName[]): Promise<void> {
  if (chunks.length === 0) return;
  const rows = await session.all<PlaceRow>(`DELETE FROM chunk_places WHERE ${isNamed(session)} RETURNING ${columns}`, [
    placeList(chunks),
  ]);
  await takeFromObjects(session, rows.map(toPlaced));
}

function hashList(hashes: readonly ChunkHash[]): string {
  return listParameter([...new Set(hashes)].toSorted().map((hash) => ({ chunk_hash: hash })));
}

function toPlaced(row: PlaceRow): PlacedChunk {
  return {
    hash: hashOfBytes(row.chunk_hash),
    holder: row.holder,
    objectKey: row.object_key,
    offset: row.place_offset,
    storedBytes: row.stored_bytes,
    plainBytes: row.plain_bytes,
    isCompressed: row.is_compressed !== 0,
  };
}

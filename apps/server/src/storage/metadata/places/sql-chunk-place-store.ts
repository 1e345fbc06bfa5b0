import type { ChunkPlaceStore } from "../chunk-place-store.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import * as objects from "./chunk-objects.ts";
import * as places from "./chunk-places.ts";

/** Each method is one transaction. */
export function chunkPlaceStore(database: SqlDatabase): ChunkPlaceStore {
  return {
    announce: (announced, nowMs) => database.transaction((session) => objects.announce(session, announced, nowMs)),
    place: (chunks, nowMs) => database.transaction((session) => places.place(session, chunks, nowMs)),
    find: (hashes, holder) => database.read((session) => places.find(session, hashes, holder)),
    touch: (hashes, nowMs, holder) =>
      database.transaction((session) =>
        holder === undefined
          ? places.touch(session, hashes, nowMs)
          : places.touchOwn(session, hashes, { holder, nowMs }),
      ),
    markDamaged: (chunk) => database.transaction((session) => places.markDamaged(session, chunk)),
    list: (page) => database.read((session) => places.list(session, page)),
    removeUntouchedSince: (request) => database.transaction((session) => places.removeUntouchedSince(session, request)),
    listSparse: (page) => database.read((session) => objects.listSparse(session, page)),
    listPlaced: (objectKey) => database.read((session) => places.listPlaced(session, objectKey)),
    move: (chunks, fromKey) => database.transaction((session) => places.move(session, chunks, fromKey)),
    listForsaken: (request) => database.transaction((session) => objects.listForsaken(session, request)),
    forget: (keys) => database.transaction((session) => objects.forget(session, keys)),
    statistics: () => database.read((session) => objects.statistics(session)),
  };
}

import type { ColumnTypes } from "./column-types.ts";

/**
 * Where chunks are that an object store keeps. The tables are keyed by chunk and object, not by workspace: chunks are stored once for all of them. `state` of an object is `announced`, `filled` or `forsaken`; its
 * sums are those of the chunks that have their place in it.
 */
export function chunkPlacesSchema({ text, int, bytes, clustered }: ColumnTypes): string[] {
  return [
    `CREATE TABLE chunk_objects (
      object_key ${text} NOT NULL PRIMARY KEY,
      size_bytes ${int} NOT NULL,
      state ${text} NOT NULL,
      announced_at_ms ${int} NOT NULL,
      chunks ${int} NOT NULL,
      plain_bytes ${int} NOT NULL,
      stored_bytes ${int} NOT NULL
    )`,
    `CREATE INDEX chunk_objects_empty ON chunk_objects (state, announced_at_ms) WHERE chunks = 0`,
    `CREATE INDEX chunk_objects_sparse ON chunk_objects (object_key) WHERE chunks > 0 AND stored_bytes * 2 < size_bytes`,
    `CREATE TABLE chunk_places (
      chunk_hash ${bytes} NOT NULL PRIMARY KEY,
      object_key ${text} NOT NULL REFERENCES chunk_objects (object_key),
      place_offset ${int} NOT NULL,
      stored_bytes ${int} NOT NULL,
      plain_bytes ${int} NOT NULL,
      is_compressed ${int} NOT NULL,
      is_damaged ${int} NOT NULL,
      put_at_ms ${int} NOT NULL
    ) ${clustered}`,
    `CREATE INDEX chunk_places_of_object ON chunk_places (object_key)`,
  ];
}

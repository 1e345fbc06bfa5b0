import type { ColumnTypes } from "./column-types.ts";

/**
 * A chunk that clients may fetch from the object store itself has a place for each who brought it: an address shows the object's name, and the object store how old it is, so that a place which others share would tell of them.
 * `holder` is empty for places that are everybody's, as those were that there are.
 */
export function placesOfHolders({ text, int, bytes, clustered }: ColumnTypes): string[] {
  const columns =
    "chunk_hash, object_key, place_offset, stored_bytes, plain_bytes, is_compressed, is_damaged, put_at_ms";
  return [
    `CREATE TABLE held_chunk_places (
      chunk_hash ${bytes} NOT NULL,
      holder ${text} NOT NULL,
      object_key ${text} NOT NULL REFERENCES chunk_objects (object_key),
      place_offset ${int} NOT NULL,
      stored_bytes ${int} NOT NULL,
      plain_bytes ${int} NOT NULL,
      is_compressed ${int} NOT NULL,
      is_damaged ${int} NOT NULL,
      put_at_ms ${int} NOT NULL,
      PRIMARY KEY (chunk_hash, holder)
    ) ${clustered}`,
    `INSERT INTO held_chunk_places (holder, ${columns}) SELECT '', ${columns} FROM chunk_places`,
    `DROP TABLE chunk_places`,
    `ALTER TABLE held_chunk_places RENAME TO chunk_places`,
    `CREATE INDEX chunk_places_of_object ON chunk_places (object_key)`,
  ];
}

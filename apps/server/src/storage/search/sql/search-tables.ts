/** Goes up with whatever changes tables, pieces, or what is kept: each version of the index has tables of its own, so that servers of two versions don't get into each other's way while one takes over. */
export const indexVersion = 6;

/** The tables of a version, by what they hold. */
export function searchTables(version: number) {
  const prefix = `search${version}_`;
  return {
    /** Where each workspace's part stands. */
    workspaces: `${prefix}workspaces`,
    /** What entries are found by, a row each. */
    names: `${prefix}names`,
    /** Pieces of names; on SQLite only. */
    grams: `${prefix}grams`,
    /** Texts of files, sealed; on PostgreSQL with their pieces. */
    texts: `${prefix}texts`,
    /** Pieces of texts; on SQLite only. */
    words: `${prefix}words`,
  } as const;
}

export const tables = searchTables(indexVersion);
/** Gives out places on PostgreSQL. */
export const placeSequence = `${tables.names}_place`;

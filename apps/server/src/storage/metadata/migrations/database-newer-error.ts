/** The database was written by a newer version of Satchel. Nothing was changed; run that version, or restore a backup from before the upgrade. */
export class DatabaseNewerError extends Error {
  override readonly name = "DatabaseNewerError";
  readonly code = "database_newer";
  readonly versions: { readonly database: number; readonly program: number };

  constructor(versions: { readonly database: number; readonly program: number }) {
    super(
      `The database is of a newer Satchel (schema ${versions.database}, this program knows ${versions.program}). Start the newer version, or restore a backup from before the upgrade.`,
    );
    this.versions = { database: versions.database, program: versions.program };
  }
}

/** A file or folder in an archive. */
export interface ArchiveEntry {
  readonly path: string;
  readonly sizeBytes: number;
  readonly isFolder: boolean;
}

export interface ArchiveListing {
  readonly entries: readonly ArchiveEntry[];
  /** There are more than were read. */
  readonly isCut: boolean;
}

/** What is listed of an archive. */
export const maxListedEntries = 2000;

/** The file is no archive of the kind that its name says, or a broken one. */
export class BrokenArchiveError extends Error {
  override readonly name = "BrokenArchiveError";
}

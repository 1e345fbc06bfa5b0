/** How much data a run works on, and how long it looks. */
export interface Scale {
  readonly name: "full" | "small";
  /** The big file of s1, s4, s5 and s7. */
  readonly bigFileBytes: number;
  /** Bytes in all the small files of s2 together. */
  readonly smallFilesBytes: number;
  /** Top folders of the small tree; s6 renames one of them. */
  readonly topFolders: number;
  /** Folders in each top folder. */
  readonly foldersInEach: number;
  /** Files in each of those. */
  readonly filesInEach: number;
  /** Folders of the many files of s8, in ten top folders. */
  readonly manyFolders: number;
  readonly manyFilesInEach: number;
  /** Edits for one latency figure. */
  readonly edits: number;
  readonly idleMs: number;
}

const MIB = 1024 * 1024;

/** `full` is what the figures are quoted for; `small` shows in a minute that everything works. */
export const scales: Readonly<Record<Scale["name"], Scale>> = {
  full: {
    name: "full",
    bigFileBytes: 1024 * MIB,
    smallFilesBytes: 106 * MIB,
    topFolders: 5,
    foldersInEach: 200,
    filesInEach: 10,
    manyFolders: 1_000,
    manyFilesInEach: 100,
    edits: 15,
    idleMs: 60_000,
  },
  small: {
    name: "small",
    bigFileBytes: 64 * MIB,
    smallFilesBytes: 10 * MIB,
    topFolders: 5,
    foldersInEach: 20,
    filesInEach: 10,
    manyFolders: 50,
    manyFilesInEach: 100,
    edits: 5,
    idleMs: 5_000,
  },
};

import type { ChunkHash, VersionHash } from "@satchel/protocol";
import type { NameRules } from "../names/name-rules.ts";

/** What a stat of an entry tells; never follows links. */
export interface DiskStat {
  /** `other`: sockets, pipes, devices; never synced. */
  readonly type: "file" | "folder" | "link" | "other";
  /**
   * Names the inode for as long as it lives, also when its number is used again: number and birth time. (A file system that keeps no birth time leaves the number alone.) Names of one
   * file (hard links) share it.
   */
  readonly inode: string;
  /** Changes with every change of the content or attributes: size, modification time and change time (ns), mode. */
  readonly fingerprint: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** The same to the nanosecond, to tell whether a moved file is still the same. */
  readonly modifiedNs: string;
  readonly executable: boolean;
  /** Of a link. */
  readonly linkTarget: string | null;
}

export interface ScannedEntry extends DiskStat {
  readonly name: string;
}

/** One folder's listing, or why there is none. */
export interface ScannedFolder {
  readonly path: string;
  readonly entries: readonly ScannedEntry[];
  /** Names in the folder that can't be told in UTF-8, or whose stat failed; they count as present and unknown. */
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[];
  /** Set when the folder could not be listed (`gone`, `denied`, or another error's text): nothing is known of what is in it. */
  readonly problem?: string;
}

/** Which root this is: an unmounted, replaced or emptied root is another one. */
export interface RootIdentity {
  /** Inode of the folder, as in {@link DiskStat.inode}. Not the file system's number, which is dealt anew when the system starts. */
  readonly inode: string;
  /** What the marker in the engine's own folder says; undefined when it is missing. */
  readonly marker: string | undefined;
}

/** A finished temporary file in the engine's own folder: complete, verified, durable, with its time and mode set. */
export interface TemporaryFile {
  readonly path: string;
  readonly stat: DiskStat;
}

/**
 * The synced folder. Paths are relative to it, with '/', and '' is the folder itself. Failures are `DiskError`s. The engine's own folder (`.satchel` in the root: marker, temporary files,
 * limbo) is never listed by `scan`. An entry is found under the very name that its folder lists, and no other spelling of it, though a disk may take that one for the same: then it is `exists` for what is
 * to be new, and otherwise not there.
 */
export interface Disk {
  /** Which names the disk can hold; asked for after {@link prepareRoot}. */
  nameRules(): Promise<NameRules>;
  /** undefined when the root is not there or no folder. */
  rootIdentity(): Promise<RootIdentity | undefined>;
  /** Makes the root if missing, the engine's own folder and the marker, and empties the temporary files of an earlier run. */
  prepareRoot(marker: string): Promise<RootIdentity>;
  /** Lists a folder, and with `recursive` everything below, parents before children. Bounded memory: it waits for its reader. */
  scan(path: string, options: { recursive: boolean; signal?: AbortSignal }): AsyncIterable<ScannedFolder>;
  stat(path: string): Promise<DiskStat | undefined>;
  makeFolder(path: string): Promise<DiskStat>;
  /** Renames without ever replacing: `exists` when something is at `to`. Returns the stat at the new place. */
  move(from: string, to: string): Promise<DiskStat>;
  /** Removes a file or link that still has this fingerprint, else `changed`. */
  removeFile(path: string, fingerprint: string): Promise<void>;
  /** Removes an empty folder, else `not_empty`. */
  removeFolder(path: string): Promise<void>;
  /** Puts a finished temporary file in its place, atomically. `expected`: the fingerprint of what is there now and gets replaced, or null for nothing: else `changed` or `exists`. */
  place(temporary: TemporaryFile, path: string, expected: string | null): Promise<DiskStat>;
  placeLink(target: string, path: string, expected: string | null): Promise<DiskStat>;
  /** Sets time and mode of a file that still has this fingerprint, else `changed`. */
  setAttributes(
    path: string,
    attributes: { modifiedMs: number; executable: boolean; fingerprint: string },
  ): Promise<DiskStat>;
  discard(temporary: TemporaryFile): Promise<void>;
  /**
   * Makes durable what was made, moved, placed and removed so far. Until then a power cut may undo it: call this before
   * writing down that it happened, once for as many changes as there are.
   */
  settle(): Promise<void>;
  /** Whether something was made, moved, placed or removed that no {@link settle} has made durable: also what was done while the last one was under way. */
  isUnsettled(): boolean;

  readonly reader: ContentReader;
  readonly writer: ContentWriter;
  close(): Promise<void>;
}

export interface FileChunk {
  readonly hash: ChunkHash;
  readonly sizeBytes: number;
  readonly offset: number;
}

export interface CutFile {
  /** As it was before and after the reading, which is what makes the content whole. */
  readonly stat: DiskStat;
  readonly versionHash: VersionHash;
  readonly packedChunks: Uint8Array;
  /** The bytes of a file that was small enough to be carried along. */
  readonly bytes?: Uint8Array;
}

/** Files up to this size are read whole by {@link ContentReader.readSmall}. */
export const maxSmallFileBytes = 256 * 1024;

/** Reads and cuts files, off the event loop. */
export interface ContentReader {
  /** Reads files of up to {@link maxSmallFileBytes} each, each with its outcome, in order; together at most a few MiB are asked for. */
  readSmall(paths: readonly string[]): Promise<(CutFile | DiskError)[]>;
  /**
   * Cuts a file of any size, telling chunks in order, in groups, as they are found; `onChunks` is awaited (back-pressure), and a few groups may be on their way at once. How
   * coarsely is decided by the last version's size and number of chunks, where there was one. @throws DiskError `changed` when the file changed meanwhile (read again later).
   */
  cut(
    path: string,
    options: {
      previousSizeBytes: number | null;
      previousChunkCount?: number;
      onChunks: (chunks: readonly FileChunk[]) => Promise<void>;
      signal?: AbortSignal;
    },
  ): Promise<CutFile>;
  /** The bytes of some chunks of a file, at most 16 MiB together; not verified. With `into`, memory shared between threads with room for all, they may be put there. */
  readChunks(
    path: string,
    chunks: readonly { readonly offset: number; readonly sizeBytes: number }[],
    into?: Uint8Array<SharedArrayBuffer>,
  ): Promise<Uint8Array[]>;
}

/** Where a chunk's bytes come from when a file is put together. */
export type PieceSource =
  /** In a file of the synced folder; verified against the hash while copied, so it may be stale. */
  | { readonly from: "file"; readonly path: string; readonly offset: number }
  /** Asked for by `fetch`. */
  | { readonly from: "server" };

export interface Piece {
  readonly hash: ChunkHash;
  readonly sizeBytes: number;
  readonly source: PieceSource;
}

/** Writes files, off the event loop. */
export interface ContentWriter {
  /** Makes a temporary file of each content; in order. The hash of each is checked. */
  writeSmall(
    files: readonly {
      readonly bytes: Uint8Array;
      readonly versionHash: VersionHash;
      readonly packedChunks: Uint8Array;
      readonly modifiedMs: number;
      readonly executable: boolean;
    }[],
  ): Promise<(TemporaryFile | DiskError)[]>;
  /**
   * Puts a file together of any size. `fetch` is called for runs of pieces that come from the server, at most a few MiB each, several at a time, and for pieces whose local source
   * turned out stale; a content that occurs several times is asked for once. The arrays it returns are given away (their buffers are transferred), except for views on the shared memory that came
   * with the question, which is lent until the next one. Every piece is verified
   * (`corrupt`). `onProgress` gets how many more bytes are in place. A file half put together stays in the engine's own folder under a name made of `resumeKey`, so that the same call after a crash or a
   * lost connection goes on where it was; when it succeeds, nothing of that remains.
   */
  assemble(file: {
    readonly pieces: readonly Piece[];
    readonly modifiedMs: number;
    readonly executable: boolean;
    readonly resumeKey: string;
    readonly fetch: (pieces: readonly Piece[], into?: Uint8Array<SharedArrayBuffer>) => Promise<Uint8Array[]>;
    readonly onProgress?: (bytes: number) => void;
    readonly signal?: AbortSignal;
  }): Promise<TemporaryFile>;
}

export type DiskErrorCode =
  | "changed"
  | "exists"
  | "not_empty"
  | "gone"
  | "denied"
  | "full"
  | "name_not_possible"
  | "too_long"
  | "read_only"
  | "corrupt"
  | "quarantined"
  | "failed";

/** A failure of the disk: the operation did not take place, or (with `failed`) may have. */
export class DiskError extends Error {
  override readonly name = "DiskError";
  readonly code: DiskErrorCode;
  readonly path: string;

  constructor(code: DiskErrorCode, path: string, detail: string) {
    super(detail);
    this.code = code;
    this.path = path;
  }
}

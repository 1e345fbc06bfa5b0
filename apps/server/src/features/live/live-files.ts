import type { EntryId, ProblemCode, VersionHash, VersionId } from "@satchel/protocol";
import type { DressedText } from "./text-file.ts";
import type { Typist } from "./live-record.ts";

/** What a file is at the moment. */
export type FileLook = LookedText | { readonly status: "gone" | "not_text" };

export interface LookedText extends DressedText {
  readonly status: "text";
  readonly versionId: VersionId;
  readonly versionHash: VersionHash;
}

/** A text that is ready to become a version. */
export interface PreparedText {
  readonly versionHash: VersionHash;
  readonly bytes: Uint8Array;
}

/** The files that sessions are about: what they read of them, and the versions that they write. */
export interface LiveFiles {
  look(fileId: EntryId): Promise<FileLook>;
  /** The version with this content, among those that came after `since`; undefined when there is none. */
  findVersion(
    fileId: EntryId,
    query: { readonly versionHash: VersionHash; readonly since: VersionId },
  ): Promise<VersionId | undefined>;
  /** @throws nothing but what the machine fails at */
  prepare(text: DressedText): Promise<PreparedText>;
  /** Makes a version of it, of all who typed, if `base` is still the latest. */
  write(
    fileId: EntryId,
    version: {
      readonly content: PreparedText;
      readonly base: VersionId;
      readonly typists: readonly Typist[];
      /** Nothing is written unless this process has the session. */
      readonly holder: string;
    },
  ): Promise<{ readonly versionId: VersionId } | { readonly refused: ProblemCode }>;
  /** Puts a text that has no place in the file any more into a new one: under the old name where the file is gone, else beside it. Asked twice for the same, it does it once. */
  setAside(
    fileId: EntryId,
    aside: {
      readonly content: PreparedText;
      readonly typists: readonly Typist[];
      readonly session: string;
      readonly holder: string;
    },
  ): Promise<void>;
}

import type { ChunkHash, ProblemCode } from "@satchel/protocol";
import type { EntryRow } from "../rows/entry-row.ts";

/** Why an operation was not carried out; thrown and caught within a commit, where it becomes the operation's result. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: ProblemCode;
  /** The entry that stood in the way. */
  readonly current: EntryRow | undefined;
  readonly missingChunks: readonly ChunkHash[] | undefined;
  /** How much room is missing. */
  readonly missingBytes: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    options: { current?: EntryRow; missingChunks?: ChunkHash[]; missingBytes?: number } = {},
  ) {
    super(detail);
    this.code = code;
    this.current = options.current;
    this.missingChunks = options.missingChunks;
    this.missingBytes = options.missingBytes;
  }
}

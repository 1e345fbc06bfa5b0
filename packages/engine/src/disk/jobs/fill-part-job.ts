import { closeSync, openSync } from "node:fs";
import type { Piece } from "../../ports/disk.ts";
import { toDiskError } from "../system-error.ts";
import type { JobContext, JobHandler, JobShape } from "../workers/job.ts";
import { copyPieces } from "./copy-pieces.ts";
import { createPieceFetcher } from "./piece-fetcher.ts";
import type { WritingTurns } from "./writing-turns.ts";

/** Fills a stretch of a half-made file with pieces of other files and of the server. */
export interface FillPartJob extends JobShape {
  readonly input: {
    readonly part: string;
    /** Of the stretch in the file. */
    readonly offset: number;
    readonly pieces: readonly Piece[];
    /** Shared with those who fill the other stretches. */
    readonly turns: WritingTurns;
    /** The stretch may hold some pieces already: look before copying or asking. */
    readonly hasContent: boolean;
  };
  /** `fetch`: positions in `pieces`; the answer is their bytes, put `into` where possible. `progress`: so many bytes more are in place. */
  readonly question:
    | { readonly fetch: readonly number[]; readonly into: Uint8Array<SharedArrayBuffer> }
    | { readonly progress: number };
  readonly answer: readonly Uint8Array[];
  readonly result: null;
}

export const fillPartJob: JobHandler<FillPartJob> = async (input, context) => {
  try {
    const fd = openSync(`${context.root}/${input.part}`, "r+");
    try {
      await fill(fd, input, context);
      return null;
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw toDiskError(error, input.part);
  }
};

async function fill(fd: number, input: FillPartJob["input"], context: JobContext<FillPartJob>): Promise<void> {
  const { pieces } = input;
  const offsets = offsetsOf(input);
  const fetcher = createPieceFetcher(fd, { pieces, offsets, turns: input.turns }, context);
  try {
    if (!input.hasContent) {
      // Known from the start: the network works while the disk does.
      pieces.forEach((piece, index) => piece.source.from === "server" && fetcher.want(index));
      await fetcher.pump();
    }
    for await (const { missing, copiedBytes } of copyPieces(fd, { ...input, offsets }, context)) {
      if (copiedBytes > 0) await context.ask({ progress: copiedBytes });
      for (const index of missing) fetcher.want(index);
      await fetcher.pump();
    }
    await fetcher.finish();
  } catch (error) {
    // The file is closed next: what is still on its way must not be written to it.
    await fetcher.cancel();
    throw error;
  }
}

function offsetsOf({ offset, pieces }: FillPartJob["input"]): Float64Array {
  const offsets = new Float64Array(pieces.length);
  let at = offset;
  pieces.forEach(({ sizeBytes }, index) => {
    offsets[index] = at;
    at += sizeBytes;
  });
  return offsets;
}

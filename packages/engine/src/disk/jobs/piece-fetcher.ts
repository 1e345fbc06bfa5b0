import type { ChunkHash } from "@satchel/protocol";
import { DiskError, type Piece } from "../../ports/disk.ts";
import { writeFully } from "../file-io.ts";
import type { JobContext } from "../workers/job.ts";
import type { FillPartJob } from "./fill-part-job.ts";
import { sha256 } from "./open-chunker.ts";
import { inTurn, type WritingTurns } from "./writing-turns.ts";

/** What is asked for at once, and how many questions may be open: 4 MiB in memory, whatever the file's size, and all that a broken connection makes travel twice. */
const maxFetchBytes = 2 * 1024 * 1024;
const maxFetchPieces = 512;
const maxFetchesInFlight = 2;
/** What an answer may hold besides the pieces: their sizes in text. */
const maxAnswerHeadBytes = 16 * 1024;

/** The pieces that have to come from the server, each content once, with all the places it goes to. */
type Wanted = Map<ChunkHash, { readonly index: number; readonly places: number[] }>;

/** Gets pieces from the server and puts them in their places. */
export interface PieceFetcher {
  want(index: number): void;
  /** Asks for what is wanted, while there is enough for a question; waits when too many are open. */
  pump(): Promise<void>;
  finish(): Promise<void>;
  /** Waits for open questions, and writes none of the answers. */
  cancel(): Promise<void>;
}

export function createPieceFetcher(
  fd: number,
  { pieces, offsets, turns }: { pieces: readonly Piece[]; offsets: Float64Array; turns: WritingTurns },
  context: JobContext<FillPartJob>,
): PieceFetcher {
  const wanted: Wanted = new Map();
  let wantedBytes = 0;
  let isCancelled = false;
  const open = new Set<Promise<void>>();
  /** Memory of earlier answers, for the next ones. */
  const idle: SharedArrayBuffer[] = [];
  let failure: { readonly error: unknown } | undefined;

  async function fetchSome(): Promise<void> {
    const { batch, bytes } = takeBatch(wanted, pieces);
    wantedBytes -= bytes;
    const memory = memoryFor(bytes, idle);
    const answer = await context.ask({ fetch: batch.map(({ index }) => index), into: new Uint8Array(memory) });
    let written = 0;
    batch.forEach(({ index, places }, nth) => {
      const content = verified(answer[nth], pieces[index]);
      if (isCancelled) return;
      for (const place of places) inTurn(turns, () => writeFully(fd, content, offsets[place] ?? 0));
      written += content.length * places.length;
    });
    idle.push(memory);
    await context.ask({ progress: written });
  }

  async function ask(): Promise<void> {
    while (open.size >= maxFetchesInFlight) await Promise.race(open);
    if (failure !== undefined) throw failure.error;
    const question: Promise<void> = fetchSome()
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => open.delete(question));
    open.add(question);
  }

  const hasRoomAndBatch = (): boolean => open.size < maxFetchesInFlight && wantedBytes >= maxFetchBytes;

  return {
    want(index) {
      const piece = pieces[index];
      if (piece === undefined) return;
      const known = wanted.get(piece.hash);
      if (known !== undefined) {
        known.places.push(index);
        return;
      }
      wanted.set(piece.hash, { index, places: [index] });
      wantedBytes += piece.sizeBytes;
    },
    async pump() {
      if (failure !== undefined) throw failure.error;
      while (hasRoomAndBatch()) await ask();
    },
    async finish() {
      while (wanted.size > 0) await ask();
      await Promise.all(open);
      if (failure !== undefined) throw failure.error;
    },
    async cancel() {
      isCancelled = true;
      await Promise.all(open);
    },
  };
}

/** Memory for an answer: an earlier one's if that is large enough. Most are of one size; a larger piece makes its own. */
function memoryFor(piecesBytes: number, idle: SharedArrayBuffer[]): SharedArrayBuffer {
  const neededBytes = piecesBytes + maxAnswerHeadBytes;
  const found = idle.pop();
  if (found !== undefined && found.byteLength >= neededBytes) return found;
  return new SharedArrayBuffer(Math.max(neededBytes, Math.min(neededBytes * 2, maxFetchBytes + maxAnswerHeadBytes)));
}

/** Takes from the front of what is wanted as much as one question may ask for. */
function takeBatch(wanted: Wanted, pieces: readonly Piece[]) {
  const batch: { readonly index: number; readonly places: readonly number[] }[] = [];
  let bytes = 0;
  for (const [hash, want] of wanted) {
    const { sizeBytes } = pieces[want.index] ?? { sizeBytes: 0 };
    if (batch.length > 0 && (bytes + sizeBytes > maxFetchBytes || batch.length === maxFetchPieces)) break;
    batch.push(want);
    bytes += sizeBytes;
    wanted.delete(hash);
  }
  return { batch, bytes };
}

function verified(bytes: Uint8Array | undefined, piece: Piece | undefined): Uint8Array {
  if (bytes !== undefined && piece !== undefined && bytes.length === piece.sizeBytes && sha256(bytes) === piece.hash) {
    return bytes;
  }
  throw new DiskError("corrupt", "", "the server sent other bytes than were asked for");
}

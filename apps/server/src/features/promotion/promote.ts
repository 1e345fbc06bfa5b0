import type { ChunkHash } from "@satchel/protocol";
import type { ChunkStore } from "../../storage/chunks/chunk-store.ts";
import { heldChunkPages } from "../../storage/metadata/held-chunk-pages.ts";
import type { MaintenanceStore } from "../../storage/metadata/maintenance-store.ts";
import type { HeldChunk, MetadataPromotion } from "../../storage/metadata/metadata-promotion.ts";
import { copyChunks } from "../backup/copy-chunks.ts";

export interface PromotionParts {
  readonly rows: MetadataPromotion;
  /** Of the server that moves; it may run. */
  readonly from: Pick<ChunkStore, "get">;
  readonly to: Pick<ChunkStore, "touch" | "put" | "has">;
  /** Of the target: what is held there has to be brought. */
  readonly maintenance: MaintenanceStore;
  /** Stops the server that moves from being written to, if nobody runs it: from then on nothing changes. False while somebody does. */
  readonly tryToHold: () => boolean;
  /** Waits a moment before the next look. */
  readonly rest: () => Promise<void>;
  readonly onStep?: (step: PromotionStep) => void;
}

export type PromotionStep =
  | { readonly doing: "rows"; readonly rows: number }
  | { readonly doing: "chunks"; readonly chunks: number; readonly bytes: number }
  /** All is there but what is written from now on: the server may be stopped at any time. */
  | { readonly doing: "following" };

export interface PromotionReport {
  readonly chunks: number;
  readonly bytes: number;
  /** Rows that came after the first copy. */
  readonly followedRows: number;
  /** Chunks that are held and that the source itself has lost, or has damaged. */
  readonly lost: readonly ChunkHash[];
}

const chunksPerPage = 1000;

/**
 * Copies an installation to other stores while it runs: first the rows, then the chunks that they name, then again and again what changed meanwhile, until the server is stopped; what it wrote last is then the only thing that
 * is left to carry over. May be killed anywhere and run again.
 */
export async function promote(parts: PromotionParts): Promise<PromotionReport> {
  const { rows, onStep } = parts;
  const total = { chunks: 0, bytes: 0, followedRows: 0 };
  const doubtful = new Set<ChunkHash>();
  const bring = async (held: readonly HeldChunk[]): Promise<void> => {
    const copied = await copyChunks(held, parts);
    total.chunks += copied.chunks;
    total.bytes += copied.bytes;
    for (const hash of copied.lost) doubtful.add(hash);
    if (copied.chunks > 0) onStep?.({ doing: "chunks", chunks: total.chunks, bytes: total.bytes });
  };
  const { isLoaded } = await rows.begin();
  if (!isLoaded) await rows.load((count) => onStep?.({ doing: "rows", rows: count }));
  // Those that came in the meantime first: chunks are looked for by the rows of now.
  total.followedRows += await rows.follow(bring);
  // Also what no version refers to yet: whoever brought it may commit after the move.
  for await (const page of heldChunkPages(parts.maintenance, chunksPerPage)) await bring(page);
  await followUntilHeld(parts, async () => {
    total.followedRows += await rows.follow(bring);
  });
  return { ...total, lost: await findLost(parts, [...doubtful]) };
}

/** The last look is one behind which nobody can have written. */
async function followUntilHeld(
  { tryToHold, rest, onStep }: PromotionParts,
  follow: () => Promise<void>,
): Promise<void> {
  await follow();
  onStep?.({ doing: "following" });
  while (!tryToHold()) {
    await follow();
    await rest();
  }
  await follow();
}

/** What could not be read may have been given up by its holders, and collected, before it was looked for. */
async function findLost({ to, maintenance }: PromotionParts, hashes: readonly ChunkHash[]): Promise<ChunkHash[]> {
  const lost: ChunkHash[] = [];
  for (let at = 0; at < hashes.length; at += chunksPerPage) {
    const page = hashes.slice(at, at + chunksPerPage);
    const unheld = new Set(await maintenance.findUnheld(page));
    const present = await to.has(page);
    lost.push(...page.filter((hash, index) => !present[index] && !unheld.has(hash)));
  }
  return lost;
}

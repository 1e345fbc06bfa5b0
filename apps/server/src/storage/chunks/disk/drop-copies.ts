import type { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ChunkHash } from "@satchel/protocol";
import type { ChunkPlace, PlacedChunk } from "./chunk-index.ts";
import type { ChunkReader } from "./chunk-reader.ts";
import { inTransaction } from "./index-database.ts";

/** The index is looked at in so many steps, between which puts come in: one is a few thousand rows in an index of ten million. */
const steps = 4096;
/** What is read of records at a time; puts that wait come in between. */
const maxBatchBytes = 8 * 1024 * 1024;
/** The most copies of one chunk that a compaction looks at; more wait for the next. */
const maxCopies = 1000;

interface Copies {
  readonly database: DatabaseSync;
  readonly reader: Pick<ChunkReader, "record">;
  /** Asked between batches: the store is closing. */
  readonly stopped: () => boolean;
}

type Copy = ChunkPlace & { readonly damaged: number };

/**
 * Leaves one record of each chunk to the index: the newest that can be read, which whoever put it last has been reading from since. The others are garbage in their packs from then on, and not before that one was read whole: of a chunk
 * that has none such, all stay, for someone who can mend one. Apart from every put, so that no put takes longer or shorter for what others put before. [CS50]
 */
export async function dropCopies({ database, reader, stopped }: Copies): Promise<void> {
  const copied = database.prepare(
    "SELECT hash FROM chunks WHERE hash >= ? AND hash < ? GROUP BY hash HAVING count(*) > 1",
  );
  const dropOf = copyDropper(database, reader);
  for (let step = 0; step < steps && !stopped(); step += 1) {
    let waiting = copied.all(boundary(step), boundary(step + 1)) as unknown as { hash: Uint8Array }[];
    while (waiting.length > 0 && !stopped()) {
      const batch = waiting;
      waiting = inTransaction(database, () => {
        let [done, readBytes] = [0, 0];
        for (const { hash } of batch) {
          if (readBytes >= maxBatchBytes) break;
          readBytes += dropOf(hash);
          done += 1;
        }
        return batch.slice(done);
      });
      await nextTurn();
    }
    await nextTurn();
  }
}

/** A step of a transaction: drops the copies of one chunk, and answers how many bytes it read. */
function copyDropper(database: DatabaseSync, reader: Pick<ChunkReader, "record">): (hash: Uint8Array) => number {
  const copiesOf = database.prepare(
    `SELECT pack, offset, plain_bytes AS plainBytes, stored_bytes AS storedBytes, damaged FROM chunks
     WHERE hash = ? ORDER BY damaged, pack DESC, offset DESC LIMIT ${maxCopies}`,
  );
  const keep = database.prepare(
    "UPDATE chunks SET put_at_ms = (SELECT max(put_at_ms) FROM chunks WHERE hash = ?1) WHERE hash = ?1 AND pack = ?2 AND offset = ?3",
  );
  const drop = database.prepare("DELETE FROM chunks WHERE hash = ? AND pack = ? AND offset = ?");
  const damage = database.prepare("UPDATE chunks SET damaged = 1 WHERE hash = ? AND pack = ? AND offset = ?");
  return (hash) => {
    const copies = copiesOf.all(hash) as unknown as Copy[];
    let readBytes = 0;
    for (const kept of copies) {
      if (kept.damaged !== 0) break;
      readBytes += kept.storedBytes;
      const isWhole = tryReading(reader, { ...kept, hash: hash.toHex() as ChunkHash });
      if (isWhole === undefined) break;
      if (!isWhole) {
        damage.run(hash, kept.pack, kept.offset);
        continue;
      }
      keep.run(hash, kept.pack, kept.offset);
      for (const copy of copies) if (copy !== kept) drop.run(hash, copy.pack, copy.offset);
      break;
    }
    return readBytes;
  };
}

/** Undefined when the system didn't let it read, which says nothing of the record. */
function tryReading(reader: Pick<ChunkReader, "record">, copy: PlacedChunk): boolean | undefined {
  try {
    return reader.record(copy) !== undefined;
  } catch {
    return undefined;
  }
}

/** Where the hashes of a step begin; behind all hashes for the step after the last. */
function boundary(step: number): Uint8Array {
  return step === steps ? new Uint8Array(33).fill(0xff) : Uint8Array.of(step >> 4, (step & 15) << 4);
}

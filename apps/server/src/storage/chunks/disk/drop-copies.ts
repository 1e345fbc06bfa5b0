import type { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { inTransaction } from "./index-database.ts";

/** The index is looked at in so many steps, between which puts come in: one is a few thousand rows in an index of ten million. */
const steps = 4096;

interface Copied {
  readonly hash: Uint8Array;
}

interface Copy {
  readonly pack: number;
  readonly offset: number;
  readonly damaged: number;
}

/**
 * Leaves one record of each chunk to the index: the newest sound one, which whoever put it last has been reading from since. The others are garbage in their packs from then on. Apart from every put,
 * so that no put takes longer or shorter for what others put before. [CS50]
 */
export async function dropCopies(database: DatabaseSync, stopped: () => boolean): Promise<void> {
  const copied = database.prepare(
    "SELECT hash FROM chunks WHERE hash >= ? AND hash < ? GROUP BY hash HAVING count(*) > 1",
  );
  const copies = database.prepare(
    "SELECT pack, offset, damaged FROM chunks WHERE hash = ? ORDER BY damaged, pack DESC, offset DESC",
  );
  const keep = database.prepare(
    "UPDATE chunks SET put_at_ms = (SELECT max(put_at_ms) FROM chunks WHERE hash = ?1) WHERE hash = ?1 AND pack = ?2 AND offset = ?3",
  );
  const drop = database.prepare("DELETE FROM chunks WHERE hash = ? AND pack = ? AND offset = ?");
  for (let step = 0; step < steps && !stopped(); step += 1) {
    const found = copied.all(boundary(step), boundary(step + 1)) as unknown as Copied[];
    if (found.length > 0)
      inTransaction(database, () => {
        for (const { hash } of found) {
          const [kept, ...others] = copies.all(hash) as unknown as Copy[];
          if (kept !== undefined) keep.run(hash, kept.pack, kept.offset);
          for (const { pack, offset } of others) drop.run(hash, pack, offset);
        }
      });
    await nextTurn();
  }
}

/** Where the hashes of a step begin; behind all hashes for the step after the last. */
function boundary(step: number): Uint8Array {
  return step === steps ? new Uint8Array(33).fill(0xff) : Uint8Array.of(step >> 4, (step & 15) << 4);
}

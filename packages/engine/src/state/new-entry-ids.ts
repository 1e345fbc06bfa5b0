import { idPartBytes, makeEntryId, type EntryId, type WorkspaceId } from "@satchel/protocol";
import type { Clock, Entropy } from "../ports/clock.ts";

const timeBytes = 6;

/**
 * Makes ids of new entries: 48 bits of time and 32 of chance, as ULIDs are made (https://github.com/ulid/spec), so that what is made together lies together in every index, here and on the
 * server. Ids made within one millisecond count up. Should two devices ever make the same one, the server refuses the second, and it is made anew.
 */
export function newEntryIds(workspaceId: WorkspaceId, clock: Clock, entropy: Entropy): () => EntryId {
  let lastMs = -1;
  let chance = 0;
  return () => {
    const nowMs = Math.max(0, Math.trunc(clock.nowMs()));
    chance = nowMs === lastMs ? (chance + 1) >>> 0 : new DataView(entropy.bytes(4).slice().buffer).getUint32(0);
    lastMs = nowMs;
    const bytes = new Uint8Array(idPartBytes);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, Math.floor(nowMs / 2 ** 32) & 0xffff);
    view.setUint32(2, nowMs >>> 0);
    view.setUint32(timeBytes, chance);
    return makeEntryId(workspaceId, bytes);
  };
}

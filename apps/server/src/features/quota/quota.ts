import { ProblemError, type ChunkHash, type WorkspaceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { ChunkSize, LedgerStore, StorageRoom } from "../../storage/metadata/ledger-store.ts";

/**
 * Keeps bytes out that could never be committed. The commit decides, exactly and for all processes, under the workspace's lock; this looks before bytes land, so
 * that a full account can't fill the disk with what nothing refers to. Where there is no limit it costs one look-up in memory.
 */
export interface Quota {
  /** May these chunks be brought to the workspace? Those that it holds already take no room. @throws quota_exceeded */
  admit(workspaceId: WorkspaceId, chunks: readonly ChunkSize[]): Promise<void>;
  /** May these come along with a commit, which tells of each operation whether there is room? So only what waits is bounded. @throws quota_exceeded */
  admitCarried(workspaceId: WorkspaceId, chunks: readonly ChunkSize[]): Promise<void>;
}

/** How long an answer of the database is relied on; what this process let in since counts on top of it. */
const roomMs = 2000;
const maxRememberedRooms = 10_000;
/** What waits for a commit may always be this much: uploads that were given up must not keep a small account from going on. */
export const minWaitingBytes = 64 * 1024 * 1024;

interface Remembered {
  readonly room: StorageRoom;
  readonly untilMs: number;
  admittedBytes: number;
}

export function createQuota({ ledger, host }: { readonly ledger: LedgerStore; readonly host: Host }): Quota {
  const rooms = new Map<WorkspaceId, Remembered>();

  async function look(workspaceId: WorkspaceId): Promise<Remembered> {
    const room = await ledger.room(workspaceId);
    const remembered = { room, untilMs: host.nowMs() + roomMs, admittedBytes: 0 };
    rooms.delete(workspaceId);
    rooms.set(workspaceId, remembered);
    const oldest = rooms.keys().next();
    if (rooms.size > maxRememberedRooms && !oldest.done) rooms.delete(oldest.value);
    return remembered;
  }

  async function admit(
    workspaceId: WorkspaceId,
    chunks: readonly ChunkSize[],
    excessOf: (known: Remembered, newBytes: number) => number,
  ): Promise<void> {
    const known = rooms.get(workspaceId);
    const fresh = known && known.untilMs > host.nowMs() ? known : await look(workspaceId);
    if (fresh.room.quotaBytes === null) return;
    const sizes = new Map(chunks.map(({ hash, sizeBytes }) => [hash, sizeBytes]));
    const allBytes = sum(sizes.values());
    if (excessOf(fresh, allBytes) <= 0) {
      fresh.admittedBytes += allBytes;
      return;
    }
    const newBytes = await bytesNotHeld(ledger, { workspaceId, sizes, nowMs: host.nowMs() });
    const exact = await look(workspaceId);
    const missingBytes = newBytes === 0 ? 0 : excessOf(exact, newBytes);
    if (missingBytes > 0) throw quotaExceeded(exact.room, missingBytes);
    exact.admittedBytes += newBytes;
  }

  return {
    admit: (workspaceId, chunks) =>
      admit(workspaceId, chunks, (known, newBytes) =>
        Math.max(usedExcess(known, newBytes), waitingExcess(known, newBytes)),
      ),
    admitCarried: (workspaceId, chunks) => admit(workspaceId, chunks, waitingExcess),
  };
}

/** By how much the limit would be exceeded, were this committed, and what was let in since the look. */
function usedExcess({ room: { usedBytes, quotaBytes }, admittedBytes }: Remembered, newBytes: number): number {
  return usedBytes + admittedBytes + newBytes - (quotaBytes ?? Number.POSITIVE_INFINITY);
}

/** By how much more would wait than may: as much again as the limit, so that twice the limit is about the most that an account can ever store. */
function waitingExcess({ room: { pendingBytes, quotaBytes }, admittedBytes }: Remembered, newBytes: number): number {
  const waitingBytes = pendingBytes + admittedBytes + newBytes;
  return waitingBytes - Math.max(quotaBytes ?? Number.POSITIVE_INFINITY, minWaitingBytes);
}

async function bytesNotHeld(
  ledger: LedgerStore,
  asked: { readonly workspaceId: WorkspaceId; readonly sizes: ReadonlyMap<ChunkHash, number>; readonly nowMs: number },
): Promise<number> {
  const hashes = [...asked.sizes.keys()];
  const held = await ledger.sizesOfHeld(asked.workspaceId, hashes, asked.nowMs);
  return sum(hashes.map((hash, index) => (held[index] === undefined ? (asked.sizes.get(hash) ?? 0) : 0)));
}

/** The refusal, with how much has to be freed. */
export function quotaExceeded({ usedBytes, quotaBytes }: StorageRoom, missingBytes: number): ProblemError {
  return new ProblemError(
    "quota_exceeded",
    `${missingBytes} bytes are missing: ${usedBytes} of ${quotaBytes ?? 0} are in use`,
    { extra: { missing_bytes: missingBytes } },
  );
}

function sum(sizes: Iterable<number>): number {
  let total = 0;
  for (const size of sizes) total += size;
  return total;
}

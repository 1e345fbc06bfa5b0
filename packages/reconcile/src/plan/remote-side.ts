import type { EntryId } from "@satchel/protocol";
import { type Overlay, overlayOf } from "../tree/overlay.ts";
import { temporaryName } from "../tree/place.ts";
import type { Board, Decision } from "./board.ts";
import { remoteContentOperation } from "./content-operations.ts";
import { topmost } from "./deletions.ts";
import { type Holdings, isKept } from "./holdings.ts";
import type { RemoteOperation } from "./operation.ts";
import { placerOf, type PlacingSide } from "./placer.ts";

/**
 * What to ask of the server. A temporary name must not outlive the batch, since others would see it: when an entry that was parked under one finds no place in this plan, the plan is made again
 * without parking it. [RC54]
 */
export function planRemote(board: Board, holdings: Holdings, limit: number): RemoteOperation[] {
  const unparkable = new Set<EntryId>();
  for (;;) {
    const { operations, stranded } = attempt({ board, holdings, limit, unparkable });
    if (stranded.length === 0) return operations;
    for (const id of stranded) unparkable.add(id);
  }
}

interface Attempt {
  readonly board: Board;
  readonly holdings: Holdings;
  readonly limit: number;
  readonly unparkable: ReadonlySet<EntryId>;
}

function attempt({ board, holdings, limit, unparkable }: Attempt): {
  readonly operations: RemoteOperation[];
  readonly stranded: EntryId[];
} {
  const operations: RemoteOperation[] = [];
  const parked = new Set<EntryId>();
  // The server compares names to the byte.
  const overlay = overlayOf(board.remote, (name) => name);
  const isFull = (): boolean => operations.length >= limit;

  const placer = placerOf(board, serverSide({ overlay, holdings, operations, parked, unparkable }));
  for (const { id } of board.involved) {
    if (isFull()) break;
    placer.settle(id);
  }
  placer.settleRest();

  for (const decision of board.involved) {
    if (isFull()) break;
    const operation = remoteContentOperation(decision);
    if (operation !== undefined) operations.push(operation);
  }

  for (const id of topmost(findDoomed(board, holdings, overlay), overlay)) {
    if (isFull() && !parked.has(id)) continue;
    operations.push({ do: "delete_remote", id });
    overlay.remove(id);
  }
  const stranded = [...parked].filter((id) => overlay.placeOf(id)?.name === temporaryName(id));
  return { operations, stranded };
}

/**
 * Here the folder may go in the same plan as what moves out of it: a move that fails means that the server's entry goes along, of which the disk has everything,
 * and brings it back. Not so where the server has news. [RC25]
 */
function findDoomed(board: Board, holdings: Holdings, overlay: Overlay): Decision[] {
  const holding = new Set<EntryId>();
  for (const decision of board.involved) {
    if (!isKept(decision)) continue;
    let at = overlay.placeOf(decision.id)?.parentId;
    for (; at !== undefined && !holding.has(at); at = overlay.placeOf(at)?.parentId) holding.add(at);
  }
  return board.involved.filter(
    ({ id, fate, waits }) =>
      fate === "delete" && !waits && overlay.has(id) && !holding.has(id) && !holdings.newsOnServer.has(id),
  );
}

interface Server {
  readonly overlay: Overlay;
  readonly holdings: Holdings;
  readonly operations: RemoteOperation[];
  readonly parked: Set<EntryId>;
  readonly unparkable: ReadonlySet<EntryId>;
}

function serverSide({ overlay, holdings, operations, parked, unparkable }: Server): PlacingSide {
  const park = (id: EntryId): boolean => {
    const base = overlay.placeOf(id);
    if (base === undefined || unparkable.has(id)) return false;
    const place = { parentId: base.parentId, name: temporaryName(id) };
    operations.push({ do: "move_remote", id, place, base });
    overlay.put(id, place);
    parked.add(id);
    return true;
  };
  return {
    overlay,
    admits: ({ remote, local }) => remote !== undefined || local?.content === "known",
    create: ({ id, place }) => operations.push({ do: "create_remote", id, place }),
    move: ({ id, place }, base) => operations.push({ do: "move_remote", id, place, base }),
    park: ({ id }) => park(id),
    discard: ({ id }) => {
      if (holdings.onServer.has(id)) return park(id);
      operations.push({ do: "delete_remote", id });
      overlay.remove(id);
      return true;
    },
    // Who has a place on the server keeps it; the other is set aside on disk first. [RC42]
    contest: () => false,
  };
}

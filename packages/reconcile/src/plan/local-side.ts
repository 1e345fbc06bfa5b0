import type { EntryId } from "@satchel/protocol";
import { placeOfItem } from "../tree/compare.ts";
import { isSamePlace } from "../tree/place.ts";
import { type Overlay, overlayOf } from "../tree/overlay.ts";
import { limboId } from "../tree/view.ts";
import type { Board } from "./board.ts";
import { localContentOperation } from "./content-operations.ts";
import { topmost } from "./deletions.ts";
import type { Holdings } from "./holdings.ts";
import type { LocalOperation } from "./operation.ts";
import { placerOf, type PlacingSide } from "./placer.ts";

interface LocalPlanOptions {
  /** Which entries this plan moves on the server. */
  readonly movedRemote: ReadonlySet<EntryId>;
  readonly limit: number;
  readonly nameKey: (name: string) => string;
}

/** What to do on disk: entries to their places, then contents and attributes, deletions last. */
export function planLocal(board: Board, holdings: Holdings, options: LocalPlanOptions): LocalOperation[] {
  const operations: LocalOperation[] = [];
  const overlay = overlayOf(board.local, options.nameKey);
  const isFull = (): boolean => operations.length >= options.limit;
  const aside = new Set<EntryId>();

  const placer = placerOf(board, diskSide({ overlay, holdings, operations, aside }));
  for (const { id } of board.involved) {
    if (isFull()) break;
    placer.settle(id);
  }
  placer.settleRest();

  for (const decision of board.involved) {
    if (isFull()) break;
    const place = overlay.placeOf(decision.id);
    if (place === undefined || place.parentId === limboId || aside.has(decision.id)) continue;
    // A folder that waits may have another id when its turn comes, and then this is another place.
    if (board.find(place.parentId)?.waits || board.find(decision.place.parentId)?.waits) continue;
    const isMoved = !isSamePlace(place, decision.local && placeOfItem(decision.local));
    const isMoving = isMoved || options.movedRemote.has(decision.id);
    const operation = localContentOperation(decision, { place, isMoving });
    if (operation !== undefined) operations.push(operation);
  }

  // What is still in a folder that goes was told by the trees as they are: a move out of it may fail yet, so the folder goes in a later plan. [RC25]
  const doomed = board.involved.filter(
    ({ id, fate, waits }) => fate === "delete" && !waits && overlay.has(id) && !holdings.onDisk.has(id),
  );
  for (const id of topmost(doomed, overlay)) {
    if (isFull()) break;
    operations.push({ do: "delete_local", id });
  }
  return operations;
}

interface Disk {
  readonly overlay: Overlay;
  readonly holdings: Holdings;
  readonly operations: LocalOperation[];
  /** Who lost its name in this plan; under which one it goes on is not known before it is done. */
  readonly aside: Set<EntryId>;
}

function diskSide({ overlay, holdings, operations, aside }: Disk): PlacingSide {
  const drop = (id: EntryId): true => {
    operations.push({ do: "delete_local", id });
    overlay.remove(id);
    return true;
  };
  const park = (id: EntryId): true => {
    operations.push({ do: "move_to_limbo", id });
    overlay.put(id, { parentId: limboId, name: id });
    return true;
  };
  return {
    overlay,
    admits: ({ id }) => !aside.has(id),
    create: ({ id, type, place }) => operations.push({ do: type === "folder" ? "make_folder" : "fetch", id, place }),
    move: ({ id, place }) => operations.push({ do: "move_local", id, place }),
    park: ({ id }) => park(id),
    discard: ({ id }) => (holdings.onDisk.has(id) ? park(id) : drop(id)),
    contest: (holder, newcomer) => {
      if (newcomer.placeFrom === "neither") return false;
      operations.push({ do: "set_aside", id: holder.id, split: false, conflictOf: newcomer.id });
      overlay.put(holder.id, { parentId: holder.place.parentId, name: `\0aside ${holder.id}` });
      aside.add(holder.id);
      return true;
    },
  };
}

import type { EntryId } from "@satchel/protocol";
import type { Overlay } from "../tree/overlay.ts";
import { isSamePlace, type Place } from "../tree/place.ts";
import type { Board, Decision } from "./board.ts";

/**
 * - `placed`: it is at its place, or will be after the operations planned so far;
 * - `circular`: it waits for something that waits for it; once that is out of the way it may work;
 * - `blocked`: not in this plan.
 */
export type Placement = "placed" | "circular" | "blocked";

/** What differs between the disk and the server when entries are brought to their places. */
export interface PlacingSide {
  readonly overlay: Overlay;
  /** Whether the side may have the entry in this plan at all. */
  admits(decision: Decision): boolean;
  create(decision: Decision): void;
  move(decision: Decision, from: Place): void;
  /** Two entries want one place. @returns whether the one that is there makes room */
  contest(holder: Decision, newcomer: Decision): boolean;
  /** Someone is in the way that is to be deleted. @returns whether it made room */
  discard(holder: Decision): boolean;
  /** Someone is in the way that can't go on before its place is free. @returns whether it made room */
  park(holder: Decision): boolean;
}

export interface Placer {
  /** Plans what brings the entry to its place, with all that must be done before: its folders, who has its name now. */
  settle(id: EntryId): Placement;
  /** Takes up again what was `circular`; to be called when everything else was settled. */
  settleRest(): void;
}

/**
 * Orders creations and moves so that each finds its parent there, its name free and itself not above its parent: depth first, from an entry to what it depends on. [RC51] [RC52] [RC53]
 * A dependency that comes round to its start is broken by parking one of the entries.
 */
export function placerOf(board: Board, side: PlacingSide): Placer {
  const { overlay } = side;
  const settled = new Map<EntryId, Placement>([[board.rootId, "placed"]]);
  const active = new Set<EntryId>();
  let circular: EntryId[] = [];

  const isTaken = (id: EntryId): boolean => settled.has(id) || active.has(id);
  const settle = (id: EntryId): Placement => {
    // Top-down along the chain of parents rather than by recursion, which a very deep tree would carry too far.
    for (const ancestor of ancestorsUntil(board, id, isTaken).toReversed()) settleOne(ancestor);
    return settleOne(id);
  };

  const settleOne = (id: EntryId): Placement => {
    const before = active.has(id) ? "circular" : settled.get(id);
    if (before !== undefined) return before;
    const decision = board.find(id);
    if (decision === undefined) return "blocked";
    active.add(id);
    const placement = place(decision);
    active.delete(id);
    if (placement === "circular") circular.push(id);
    else settled.set(id, placement);
    return placement;
  };

  const place = (decision: Decision): Placement => {
    const { id } = decision;
    if (decision.fate !== "live" || decision.waits) return "blocked";
    const from = overlay.placeOf(id);
    if (isSamePlace(from, decision.place)) return "placed";
    if (!side.admits(decision)) return "blocked";
    const parent = settle(decision.place.parentId);
    if (!canEnter(overlay, decision)) return parent === "circular" ? "circular" : "blocked";
    const room = makeRoom(decision);
    if (room !== "placed") return room;
    if (!canEnter(overlay, decision)) return "blocked";
    // Making room may have parked this very entry, so where it is now is asked again.
    const now = overlay.placeOf(id);
    if (now === undefined) side.create(decision);
    else side.move(decision, now);
    overlay.put(id, decision.place);
    return "placed";
  };

  const makeRoom = (decision: Decision): Placement => {
    const holderId = overlay.occupant(decision.place);
    if (holderId === undefined || holderId === decision.id) return "placed";
    const holder = board.find(holderId);
    if (holder === undefined) return "blocked";
    const outcome = sendAway({ side, settle }, holder, decision);
    return outcome === "placed" && overlay.occupant(decision.place) !== undefined ? "blocked" : outcome;
  };

  const settleRest = (): void => {
    for (let progress = true; progress && circular.length > 0;) {
      const again = circular;
      circular = [];
      for (const id of again) settle(id);
      progress = circular.length < again.length;
    }
  };

  return { settle, settleRest };
}

/** The folders that an entry is to be in, nearest first, up to one that the caller has taken up already. */
function ancestorsUntil(board: Board, id: EntryId, isTaken: (id: EntryId) => boolean): EntryId[] {
  const ancestors = new Set<EntryId>();
  let at = board.find(id)?.place.parentId;
  while (at !== undefined && !isTaken(at) && !ancestors.has(at)) {
    ancestors.add(at);
    at = board.find(at)?.place.parentId;
  }
  return [...ancestors];
}

function canEnter(overlay: Overlay, { id, place: { parentId } }: Decision): boolean {
  return overlay.has(parentId) && !overlay.isWithin(parentId, id);
}

interface Sending {
  readonly side: PlacingSide;
  readonly settle: Placer["settle"];
}

function sendAway({ side, settle }: Sending, holder: Decision, newcomer: Decision): Placement {
  if (holder.waits) return "blocked";
  if (holder.fate === "delete") return side.discard(holder) ? "placed" : "blocked";
  if (holder.fate !== "live") return "blocked";
  if (isSamePlace(holder.place, newcomer.place)) return side.contest(holder, newcomer) ? "placed" : "blocked";
  const placement = settle(holder.id);
  if (placement !== "circular") return placement;
  return side.park(holder) ? "placed" : "blocked";
}

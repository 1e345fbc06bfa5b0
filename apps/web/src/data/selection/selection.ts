/** What is selected in a list, and where the keyboard stands. Ids stay valid while the list is sorted anew or changes. */
export interface Selection<Id> {
  readonly selected: ReadonlySet<Id>;
  /** Where a range starts. */
  readonly anchor: Id | undefined;
  /** Where the next arrow key starts. */
  readonly focus: Id | undefined;
}

/** How a click or key is meant: alone, adding one (Ctrl or Cmd), or a range (Shift). */
export type Reach = "alone" | "toggle" | "range";

export function nothingSelected<Id>(): Selection<Id> {
  return { selected: new Set(), anchor: undefined, focus: undefined };
}

export function selectAll<Id>(current: Selection<Id>, order: readonly Id[]): Selection<Id> {
  return { ...current, selected: new Set(order), anchor: current.anchor ?? order[0], focus: current.focus ?? order[0] };
}

/** A click on `id`, or the keyboard arriving there. */
export function select<Id>(current: Selection<Id>, id: Id, reach: Reach, order: readonly Id[]): Selection<Id> {
  if (reach === "alone") return { selected: new Set([id]), anchor: id, focus: id };
  if (reach === "toggle") return { selected: toggled(current.selected, id), anchor: id, focus: id };
  const anchor = current.anchor ?? id;
  return { selected: new Set(between(order, anchor, id)), anchor, focus: id };
}

/** The keyboard moves by `steps` places, stopping at the ends. Without a place yet it arrives at the first or the last. */
export function move<Id>(
  current: Selection<Id>,
  steps: number,
  reach: "alone" | "range",
  order: readonly Id[],
): Selection<Id> {
  const at = current.focus === undefined ? -1 : order.indexOf(current.focus);
  const start = at === -1 ? (steps > 0 ? -1 : order.length) : at;
  const target = order[Math.max(0, Math.min(order.length - 1, start + steps))];
  return target === undefined ? current : select(current, target, reach, order);
}

/** The selection without what is no longer in the list. The keyboard stays near where it was. */
export function keepExisting<Id>(current: Selection<Id>, order: readonly Id[], before: readonly Id[]): Selection<Id> {
  if (current.selected.size === 0 && current.anchor === undefined && current.focus === undefined) return current;
  const existing = new Set(order);
  const gone = (id: Id | undefined): boolean => id !== undefined && !existing.has(id);
  if (!gone(current.anchor) && !gone(current.focus) && [...current.selected].every((id) => existing.has(id)))
    return current;
  const focus = gone(current.focus) ? nearest(current.focus, existing, before) : current.focus;
  return {
    selected: current.selected.intersection(existing),
    anchor: gone(current.anchor) ? focus : current.anchor,
    focus,
  };
}

/** The one after it that still exists, else the one before. */
function nearest<Id>(id: Id | undefined, existing: ReadonlySet<Id>, before: readonly Id[]): Id | undefined {
  const at = before.findIndex((other) => other === id);
  const exists = (other: Id): boolean => existing.has(other);
  return before.slice(at).find(exists) ?? before.slice(0, Math.max(0, at)).findLast(exists);
}

function toggled<Id>(selected: ReadonlySet<Id>, id: Id): ReadonlySet<Id> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}

function between<Id>(order: readonly Id[], a: Id, b: Id): readonly Id[] {
  const [from, to] = [order.indexOf(a), order.indexOf(b)];
  if (from === -1 || to === -1) return [b];
  return order.slice(Math.min(from, to), Math.max(from, to) + 1);
}

import type { EntryId, EntryType } from "@satchel/protocol";
import type { LocalItem, RemoteItem, Trees } from "../tree/item.ts";
import type { Place } from "../tree/place.ts";
import { type View, viewOf } from "../tree/view.ts";
import { judge, type Standing, type Verdict } from "./verdict.ts";

/** What is planned for one entry. Starts as the verdict on the entry by itself; the rules on cycles, folders that are needed, and names change it. */
export interface Decision extends Standing {
  readonly type: EntryType;
  readonly verdict: Verdict;
  fate: Verdict["fate"];
  place: Place;
  placeFrom: Verdict["placeFrom"];
  /** Nothing of this entry is to be done before a book operation of this plan, an `ingest`, or whatever it is busy with made things clear. */
  waits: boolean;
}

/** The decisions of one plan, made as they are asked for: the cost follows what changed, not the tree. */
export interface Board {
  readonly rootId: EntryId;
  readonly local: View<LocalItem>;
  readonly remote: View<RemoteItem>;
  /** Undefined for what no tree has, and for the root. */
  find(id: EntryId): Decision | undefined;
  /** What there is anything to do about: the changed entries, in the order of their ids, and each folder that is kept for their sake. */
  readonly involved: readonly Decision[];
  involve(decision: Decision): void;
}

export function boardOf(trees: Trees, isBusy: (id: EntryId) => boolean): Board {
  const { rootId } = trees;
  const local = viewOf(trees.local, rootId);
  const remote = viewOf(trees.remote, rootId);
  const decisions = new Map<EntryId, Decision | undefined>([[rootId, undefined]]);

  const decide = (id: EntryId): Decision | undefined => {
    const standing = { id, synced: trees.synced.find(id), local: local.find(id), remote: remote.find(id) };
    const some = standing.remote ?? standing.local ?? standing.synced;
    if (some === undefined) return undefined;
    const verdict = judge(standing, rootId);
    const { fate, place, placeFrom } = verdict;
    const waits = fate === "undecided" || fate === "renew" || isBusy(id);
    return { ...standing, type: some.type, verdict, fate, place, placeFrom, waits };
  };
  const find = (id: EntryId): Decision | undefined => {
    if (decisions.has(id)) return decisions.get(id);
    const decision = decide(id);
    decisions.set(id, decision);
    return decision;
  };
  const changed = [...new Set(trees.changed)].toSorted(byCodeUnits);
  const involved = changed.map(find).filter((decision) => decision !== undefined);
  const isInvolved = new Set(involved);
  const involve = (decision: Decision): void => {
    if (isInvolved.has(decision)) return;
    isInvolved.add(decision);
    involved.push(decision);
  };
  return { rootId, local, remote, find, involved, involve };
}

function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

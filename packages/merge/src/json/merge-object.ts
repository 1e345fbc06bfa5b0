import { changedOne } from "../sequence/changed-one.ts";
import { isSameValue, type JsonMember, type JsonNode } from "./json-node.ts";

interface Sides {
  readonly mine: JsonNode;
  readonly theirs: JsonNode;
}

type MergeValue = (base: JsonNode | undefined, mine: JsonNode, theirs: JsonNode) => string | undefined;

/** By key, in the order of the base; a new key comes after the key of the base that it came after. Undefined for a conflict. [MG12] */
export function mergeObject(base: JsonNode, { mine, theirs }: Sides, mergeValue: MergeValue): string | undefined {
  const [known, here, there] = [base, mine, theirs].map(byKey) as [Members, Members, Members];
  const texts = new Map<string, string>();
  for (const key of new Set([...known.keys(), ...here.keys(), ...there.keys()])) {
    const text = mergeMember([known.get(key), here.get(key), there.get(key)], mergeValue);
    if (text === undefined) return undefined;
    if (text !== "") texts.set(key, text);
  }
  const added = newByAnchor({ known, here, there });
  const order = ["", ...known.keys()].flatMap((key, index) => [
    ...(index === 0 ? [] : [key]),
    ...(added.get(index - 1) ?? []),
  ]);
  const members = order.flatMap((key) => texts.get(key) ?? []);
  return `{${members.join(",")}${changedOne(base.after, mine.after, theirs.after)}}`;
}

type Members = ReadonlyMap<string, JsonMember>;

function byKey({ members }: JsonNode): Members {
  return new Map(members.map((member) => [member.key, member]));
}

/** Nothing where the key goes; undefined for a conflict. */
function mergeMember(
  [base, mine, theirs]: readonly [JsonMember | undefined, JsonMember | undefined, JsonMember | undefined],
  mergeValue: MergeValue,
): string | undefined {
  if (mine && theirs) {
    const value = mergeValue(base?.value, mine.value, theirs.value);
    if (value === undefined) return undefined;
    return (
      changedOne(base?.before ?? "", mine.before, theirs.before) +
      changedOne(base?.head ?? "", mine.head, theirs.head) +
      value
    );
  }
  const only = mine ?? theirs;
  if (!only) return "";
  if (!base) return only.before + only.head + only.value.raw;
  return isSameValue(only.value, base.value) ? "" : undefined;
}

/** New keys by the position of the base's key that they follow (-1: that come first): those that both sides have, then each side's own, in an order that doesn't tell the sides apart. */
function newByAnchor({
  known,
  here,
  there,
}: {
  readonly known: Members;
  readonly here: Members;
  readonly there: Members;
}): Map<number, string[]> {
  const positions = new Map([...known.keys()].map((key, at) => [key, at]));
  const [mine, theirs] = [anchorsOf(here, positions), anchorsOf(there, positions)];
  const shared = new Map(
    [...mine].flatMap(([key, anchor]) => {
      const other = theirs.get(key);
      return other === undefined ? [] : [[key, Math.min(anchor, other)] as const];
    }),
  );
  const groups = [shared, without(mine, shared), without(theirs, shared)].map(keysByAnchor);
  return new Map(
    groups
      .flatMap((group) => [...group.keys()])
      .map((anchor) => {
        const [both = [], ...own] = groups.map((group) => group.get(anchor) ?? []);
        return [anchor, [...both.toSorted(), ...own.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1)).flat()]];
      }),
  );
}

function without(anchors: ReadonlyMap<string, number>, shared: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...anchors].filter(([key]) => !shared.has(key)));
}

function keysByAnchor(anchors: ReadonlyMap<string, number>): Map<number, string[]> {
  const keys = new Map<number, string[]>();
  for (const [key, anchor] of anchors) {
    const group = keys.get(anchor);
    if (group) group.push(key);
    else keys.set(anchor, [key]);
  }
  return keys;
}

/** Of each new key the position of the base's key that it follows. */
function anchorsOf(members: Members, positions: ReadonlyMap<string, number>): Map<string, number> {
  const anchors = new Map<string, number>();
  let last = -1;
  for (const key of members.keys()) {
    const position = positions.get(key);
    if (position === undefined) anchors.set(key, last);
    else last = position;
  }
  return anchors;
}

import type { Change } from "./changes.ts";

/** A part of the base with what each side made of it. */
export interface Region<Token> {
  readonly base: readonly Token[];
  readonly mine: readonly Token[];
  readonly theirs: readonly Token[];
  /** Who changed it. `both` that changed it alike, or `conflict`. */
  readonly by: "nobody" | "mine" | "theirs" | "both" | "conflict";
}

/** What two sides changed against one base. */
export interface Changes<Token> {
  readonly base: readonly Token[];
  readonly mine: readonly Change<Token>[];
  readonly theirs: readonly Change<Token>[];
}

/**
 * Cuts a base into regions that nobody, one side or both sides changed. Changes of the two sides that overlap, or touch, are one region: what comes first of two insertions at one place nobody
 * can tell. [MG3] As in Khanna, Kunal and Pierce, "A Formal Investigation of Diff3" (2007).
 *
 * @param isSame whether two tokens are the same
 */
export function findRegions<Token>(changes: Changes<Token>, isSame: (a: Token, b: Token) => boolean): Region<Token>[] {
  const { base } = changes;
  const regions: Region<Token>[] = [];
  let at = 0;
  const copy = (to: number): void => {
    const tokens = base.slice(at, to);
    if (tokens.length > 0) regions.push({ base: tokens, mine: tokens, theirs: tokens, by: "nobody" });
  };
  for (const cluster of clustersOf(changes)) {
    copy(cluster.start);
    const [mine, theirs] = [apply(base, cluster, cluster.mine), apply(base, cluster, cluster.theirs)];
    const isAlike =
      mine.length === theirs.length && mine.every((token, index) => isSame(token, theirs[index] as Token));
    const both = isAlike ? "both" : "conflict";
    const by = cluster.theirs.length === 0 ? "mine" : cluster.mine.length === 0 ? "theirs" : both;
    regions.push({ base: base.slice(cluster.start, cluster.end), mine, theirs, by });
    at = cluster.end;
  }
  copy(base.length);
  return regions;
}

interface Cluster<Token> {
  readonly start: number;
  end: number;
  readonly mine: Change<Token>[];
  readonly theirs: Change<Token>[];
}

function clustersOf<Token>({ mine, theirs }: Changes<Token>): Cluster<Token>[] {
  const all = [
    ...mine.map((change) => ({ change, side: "mine" as const })),
    ...theirs.map((change) => ({ change, side: "theirs" as const })),
  ].toSorted((a, b) => a.change.start - b.change.start || a.change.end - b.change.end);
  const clusters: Cluster<Token>[] = [];
  for (const { change, side } of all) {
    const last = clusters.at(-1);
    if (last && change.start <= last.end) {
      last[side].push(change);
      last.end = Math.max(last.end, change.end);
    } else {
      const cluster: Cluster<Token> = { start: change.start, end: change.end, mine: [], theirs: [] };
      cluster[side].push(change);
      clusters.push(cluster);
    }
  }
  return clusters;
}

/** The part of the base from `start` to `end` with these changes. */
function apply<Token>(
  base: readonly Token[],
  { start, end }: { readonly start: number; readonly end: number },
  changes: readonly Change<Token>[],
): Token[] {
  const result: Token[] = [];
  let at = start;
  for (const change of changes) {
    result.push(...base.slice(at, change.start), ...change.tokens);
    at = change.end;
  }
  return [...result, ...base.slice(at, end)];
}

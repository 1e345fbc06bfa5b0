import {
  fileKindOf,
  maxResultsPerPage,
  parseTimestamp,
  ProblemError,
  workspaceOfEntry,
  type EntryId,
  type EntryState,
  type FileKind,
  type SearchMatch,
  type SearchResponse,
  type SearchResult,
} from "@satchel/protocol";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { LivingEntry, TreeStore } from "../../storage/metadata/tree-store.ts";
import type { NumberRange, SearchIndex } from "../../storage/search/search-index.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import { describeListed } from "../files/entry-view.ts";
import { matchName, soughtName, type NameMatch, type SoughtName } from "./match-name.ts";
import { encodeSearchCursor, parseSearchCursor, type SearchPosition } from "./search-cursor.ts";
import { findScope, type ScopedWorkspace, type ScopeFilters } from "./search-scope.ts";
import { candidatesOf, searchSteps } from "./search-steps.ts";

export interface SearchRequest extends Omit<ScopeFilters, "folder"> {
  readonly text: string | undefined;
  readonly folder: EntryId | "root" | undefined;
  readonly kinds: readonly FileKind[] | undefined;
  readonly size: NumberRange;
  /** RFC 3339; both ends included. */
  readonly modified: { readonly from: string | undefined; readonly to: string | undefined };
  readonly cursor: string | undefined;
  readonly limit: number | undefined;
}

export interface Search {
  /** The caller's entries by name, best first. What is answered is alive, fits, and may be seen by the caller at that moment, whatever the index says. @throws bad_request, not_found for the folder */
  find(caller: Caller, request: SearchRequest): Promise<SearchResponse>;
}

interface SearchParts {
  readonly index: SearchIndex;
  readonly metadata: MetadataStore;
  readonly authorisation: Authorisation;
}

const defaultResults = 50;
/** Candidates that are looked at together, and how often in one call; a page may then be short and not the last. */
const candidatesPerRound = 200;
const maxRounds = 5;
/** Changes of a workspace that are not indexed yet and are looked at one by one; when there are more, the answer says that it isn't complete. */
export const maxUnindexed = 1000;
/** Of all workspaces together. */
const maxUnindexedInAll = 20_000;

/** What a search has to know at every step. */
interface Sought {
  readonly request: SearchRequest;
  readonly name: SoughtName;
  readonly scope: readonly ScopedWorkspace[];
  readonly modifiedMs: NumberRange;
  readonly limit: number;
}

export function createSearch(parts: SearchParts): Search {
  const { metadata, authorisation } = parts;
  const scopeParts = { authorisation, tree: metadata.tree, shares: metadata.shares };
  return {
    async find(caller, request) {
      const { folder = "root", owner, shared } = request;
      const scope = await findScope(scopeParts, caller, { folder, owner, shared });
      const sought = readRequest(request, scope);
      const start = request.cursor === undefined ? undefined : parseSearchCursor(request.cursor);
      const latest = await findUnindexed(parts, sought);
      const first = start ? [] : latest.results;
      const known = new Set(latest.results.map(({ id }) => id));
      const indexed = await findIndexed(parts, sought, {
        start: start ?? { step: 0, before: undefined },
        limit: sought.limit - first.length,
        known,
      });
      const found = [...first, ...indexed.results];
      // Rights in shared folders may have ended since the scope was read.
      const still = found.some((result) => result.shared)
        ? await findScope(scopeParts, caller, { folder, owner, shared })
        : scope;
      const mayBeSeen = new Set(still.map(({ workspaceId }) => workspaceId));
      const results = found.filter(({ workspace_id }) => mayBeSeen.has(workspace_id));
      return { results, cursor: indexed.next && encodeSearchCursor(indexed.next), complete: latest.isComplete };
    },
  };
}

/** @throws bad_request when nothing is asked for */
function readRequest(request: SearchRequest, scope: readonly ScopedWorkspace[]): Sought {
  const { text = "", modified, limit = defaultResults } = request;
  const name = soughtName(text);
  const { kinds, size, owner, shared } = request;
  const narrowing = [kinds, size.from, size.to, modified.from, modified.to, owner, shared];
  if (name.words.length === 0 && (text.trim() !== "" || narrowing.every((each) => each === undefined)))
    throw new ProblemError("bad_request", "say what to search for: letters or digits of a name, or a filter");
  const ms = (instant: string | undefined): number | undefined =>
    instant === undefined ? undefined : parseTimestamp(instant);
  const modifiedMs = { from: ms(modified.from), to: ms(modified.to) };
  return { request, name, scope, modifiedMs, limit: Math.min(limit, maxResultsPerPage) };
}

/** What changed last, which the index doesn't have yet: looked at one by one, so that what was committed is found at once. */
async function findUnindexed(
  { index, metadata: { tree } }: SearchParts,
  sought: Sought,
): Promise<{ results: SearchResult[]; isComplete: boolean }> {
  const ids = sought.scope.map(({ workspaceId }) => workspaceId);
  if (ids.length === 0) return { results: [], isComplete: true };
  const positions = await index.positions(ids);
  const workspaces = ids.map((workspaceId, at) => ({ workspaceId, after: positions[at]?.sequence ?? 0 }));
  const limit = Math.min(maxUnindexed, Math.ceil(maxUnindexedInAll / ids.length));
  const changes = await tree.latestChanges({ workspaces, limit });
  const fitting = changes.filter((entry) => fits(sought, entry));
  const found = await describeLiving(tree, sought, fitting.slice(0, maxUnindexed));
  const steps = searchSteps(sought.name);
  const results = found.toSorted((a, b) => steps.indexOf(a.match) - steps.indexOf(b.match)).slice(0, sought.limit);
  const counts = Map.groupBy(changes, ({ id }) => workspaceOfEntry(id));
  const isBehind = [...counts.values()].some((each) => each.length === limit);
  return { results, isComplete: !isBehind && fitting.length <= maxUnindexed && found.length <= sought.limit };
}

/** Goes on from a position, step by step, until there are enough, or enough was looked at. */
async function findIndexed(
  parts: SearchParts,
  sought: Sought,
  from: { readonly start: SearchPosition; readonly limit: number; readonly known: ReadonlySet<string> },
): Promise<{ results: SearchResult[]; next: SearchPosition | null }> {
  const steps = searchSteps(sought.name);
  const results: SearchResult[] = [];
  let { step, before } = from.start;
  for (let round = 0; step < steps.length; round += 1) {
    const most = from.limit - results.length;
    if (most <= 0 || round === maxRounds) return { results, next: { step, before } };
    const page = await lookUpPage(parts, sought, { match: steps[step] ?? "any", before, most });
    results.push(...page.found.filter(({ id }) => !from.known.has(id)));
    [step, before] = page.next === null ? [step + 1, undefined] : [step, page.next];
  }
  return { results, next: null };
}

/** At most `most` of what matches in one way: candidates whose names do, with what is left of them when they are compared with the truth. */
async function lookUpPage(
  { index, metadata: { tree } }: SearchParts,
  sought: Sought,
  { match, before, most }: { readonly match: SearchMatch; readonly before: number | undefined; readonly most: number },
): Promise<{ found: SearchResult[]; next: number | null }> {
  const { scope, request, modifiedMs, name } = sought;
  const anyOf = candidatesOf(name, match);
  if (anyOf?.length === 0) return { found: [], next: null };
  const { candidates, next } = await index.candidates({
    workspaces: scope.map(({ workspaceId }) => workspaceId),
    anyOf,
    kinds: request.kinds,
    size: request.size,
    modifiedMs,
    before,
    limit: candidatesPerRound,
  });
  const matching = candidates.filter((each) => match === "any" || matchName(name, each.name)?.match === match);
  const taken = matching.slice(0, most);
  const found = await describeLiving(tree, sought, taken);
  const isMore = matching.length > taken.length;
  return {
    found: found.filter((result) => result.match === match),
    next: isMore ? (taken.at(-1)?.place ?? null) : next,
  };
}

/** Those of the entries that fit as they are now, in the same order. */
async function describeLiving(
  tree: TreeStore,
  sought: Sought,
  entries: readonly { readonly id: EntryId }[],
): Promise<SearchResult[]> {
  if (entries.length === 0) return [];
  const living = await tree.findLiving(entries.map(({ id }) => id));
  const byId = new Map(living.map((each) => [each.entry.id, each]));
  return entries.flatMap(({ id }) => {
    const entry = byId.get(id);
    return (entry && fits(sought, entry.entry) && describe(sought, entry)) || [];
  });
}

/** Does the entry fit as it is now? */
function fits({ request, name, modifiedMs }: Sought, entry: EntryState): boolean {
  if (entry.parent_id === null) return false;
  if (request.kinds && !request.kinds.includes(kindOf(entry))) return false;
  const isSized = request.size.from !== undefined || request.size.to !== undefined;
  if (isSized && (entry.type === "folder" || !isWithin(entry.size, request.size))) return false;
  const isTimed = modifiedMs.from !== undefined || modifiedMs.to !== undefined;
  if (isTimed && (entry.modified === null || !isWithin(parseTimestamp(entry.modified), modifiedMs))) return false;
  return name.words.length === 0 || matchName(name, entry.name) !== undefined;
}

function isWithin(value: number, { from, to }: NumberRange): boolean {
  return (from === undefined || value >= from) && (to === undefined || value <= to);
}

/** Undefined when it lies outside of where is searched. */
function describe({ name, scope }: Sought, { entry, path, folders }: LivingEntry): SearchResult | undefined {
  const workspaceId = workspaceOfEntry(entry.id);
  const place = scope.find((each) => each.workspaceId === workspaceId && folders.includes(each.within));
  if (!place) return undefined;
  const matched: NameMatch | undefined = name.words.length === 0 ? undefined : matchName(name, entry.name);
  const match: SearchMatch = matched?.match ?? "any";
  return {
    ...describeListed(entry),
    path: place.path + path,
    parent_folder_id: entry.parent_id,
    workspace_id: workspaceId,
    kind: kindOf(entry),
    shared: place.isShared,
    match,
    found: (matched?.found ?? []).map(([from, to]) => [from, to]),
  };
}

/** As it is indexed. */
export function kindOf({ type, name }: Pick<EntryState, "type" | "name">): FileKind {
  return type === "file" ? fileKindOf(name) : type;
}

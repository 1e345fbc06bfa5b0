import {
  maxResultsPerPage,
  parseTimestamp,
  ProblemError,
  workspaceOfEntry,
  type SearchResponse,
  type SearchResult,
} from "@satchel/protocol";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { SearchIndex } from "../../storage/search/search-index.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import { describeLiving, fits } from "./describe-found.ts";
import { matchName, soughtName } from "./match-name.ts";
import { encodeSearchCursor, parseSearchCursor, type SearchPosition } from "./search-cursor.ts";
import { findScope, type ScopedWorkspace } from "./search-scope.ts";
import { candidatesOf, searchSteps, type SearchStep } from "./search-steps.ts";
import type { Sought, SearchRequest } from "./sought.ts";
import { describeTexts } from "./texts/describe-texts.ts";

export interface Search {
  /** The caller's entries by name and what is in files, best first. What is answered is alive, fits, and may be seen by the caller at that moment, whatever the index says. @throws bad_request, not_found for the folder */
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
/** Of texts, which are compared themselves. */
const textsPerRound = 60;
const maxRounds = 5;
/** Changes of a workspace that are not indexed yet and are looked at one by one; when there are more, the answer says that it isn't complete. */
export const maxUnindexed = 1000;
/** Of all workspaces together. */
const maxUnindexedInAll = 20_000;
/** Files whose texts are still to be read, beyond which an answer says that it isn't complete. */
const maxUnread = 20;

export function createSearch(parts: SearchParts): Search {
  const { index, metadata, authorisation } = parts;
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
      const isRead = sought.name.words.length === 0 || !(await index.hasUnread([...mayBeSeen], maxUnread));
      const complete = latest.isComplete && isRead;
      return { results, cursor: indexed.next && encodeSearchCursor(indexed.next), complete };
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
  const steps: readonly string[] = searchSteps(sought.name);
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
  let rounds = 0;
  while (step < steps.length) {
    const most = from.limit - results.length;
    if (most <= 0 || rounds === maxRounds) return { results, next: { step, before } };
    const page = await lookUpPage(parts, sought, { match: steps[step] ?? "any", before, most });
    results.push(...page.found.filter(({ id }) => !from.known.has(id)));
    // The last round of each way is not counted: there are few.
    if (page.next !== null) rounds += 1;
    [step, before] = page.next === null ? [step + 1, undefined] : [step, page.next];
  }
  return { results, next: null };
}

/** At most `most` of what matches in one way: candidates whose names or texts do, with what is left of them when they are compared with the truth. */
async function lookUpPage(
  parts: SearchParts,
  sought: Sought,
  { match, before, most }: { readonly match: SearchStep; readonly before: number | undefined; readonly most: number },
): Promise<{ found: SearchResult[]; next: number | null }> {
  const { scope, request, modifiedMs, name } = sought;
  const pieces = candidatesOf(name, match);
  if (!pieces) return { found: [], next: null };
  const { tree, scans } = parts.metadata;
  const isText = pieces.of === "texts";
  const { candidates, next } = await parts.index.candidates({
    ...pieces,
    workspaces: scope.map(({ workspaceId }) => workspaceId),
    kinds: request.kinds,
    size: request.size,
    modifiedMs,
    before,
    limit: isText ? textsPerRound : candidatesPerRound,
  });
  const matching = candidates.filter(
    (each) => isText || match === "any" || matchName(name, each.name)?.match === match,
  );
  const taken = matching.slice(0, most);
  const found = isText
    ? await describeTexts({ index: parts.index, tree, scans }, sought, taken)
    : (await describeLiving(tree, sought, taken)).filter((result) => result.match === match);
  return { found, next: matching.length > taken.length ? (taken.at(-1)?.place ?? null) : next };
}

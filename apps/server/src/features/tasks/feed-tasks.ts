import { ProblemError, type WorkspaceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import { eachWorkspace } from "../../storage/metadata/each-workspace.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import { taskPriority } from "../../storage/metadata/task-store.ts";
import type { FeedPage, FeedPosition } from "../../storage/metadata/tree-store.ts";
import type { TaskKind } from "./task-kind.ts";

/** Commits come in bursts: they are looked through together. */
const quietMs = 500;
/** After something failed, or where too many tasks wait, it is gone on with. */
const retryMs = 30_000;
const changesPerPage = 500;
/** The most workspaces that are remembered one by one; beyond, all are looked at. */
const maxRemembered = 10_000;

interface FeederParts {
  readonly metadata: Pick<MetadataStore, "tree" | "maintenance" | "tasks">;
  readonly bus: Bus;
  readonly host: Host;
  readonly kinds: readonly TaskKind[];
  /** There are new tasks of this kind. */
  readonly wake: (kind: string) => void;
  readonly onFailure: (error: unknown) => void;
}

export interface TaskFeeder {
  /** At all feeds, soon. */
  lookAgain(): void;
  stop(): Promise<void>;
}

/** Makes tasks of what the feeds say, for the kinds that ask for that. Where it stands is in the database with the tasks, so it may be killed anywhere, and several processes may do this at once. */
export function startTaskFeeder(parts: FeederParts): TaskFeeder {
  const { bus, host } = parts;
  const ways = parts.kinds.flatMap(waysOf);
  if (ways.length === 0) return { lookAgain: () => {}, stop: async () => {} };
  const stopping = new AbortController();
  const changed = new Set<WorkspaceId>();
  let lookAtAll = true;
  let round: Promise<void> = Promise.resolve();
  let cancel = host.after(quietMs, begin);
  let timedForMs: number | undefined = host.nowMs() + quietMs;

  const endListening = bus.subscribe((message) => {
    if (message.kind === "gap" || changed.size >= maxRemembered) lookAtAll = true;
    else if (message.kind === "committed") changed.add(message.workspaceId);
    else return;
    wait(quietMs);
  });

  function wait(delayMs: number): void {
    const atMs = host.nowMs() + delayMs;
    if (stopping.signal.aborted || (timedForMs !== undefined && timedForMs <= atMs)) return;
    cancel();
    timedForMs = atMs;
    cancel = host.after(delayMs, begin);
  }

  function begin(): void {
    timedForMs = undefined;
    round = round.then(look);
  }

  /** What is told of while it looks waits for the next time. */
  async function look(): Promise<void> {
    const [some, all] = [[...changed], lookAtAll];
    changed.clear();
    lookAtAll = false;
    const left: WorkspaceId[] = [];
    const full = new Set<Way>();
    try {
      const workspaces = all ? eachWorkspace(parts.metadata.maintenance, stopping.signal) : some;
      for await (const workspaceId of workspaces)
        if (!(await followWays(parts, { workspaceId, ways, full }, stopping.signal))) left.push(workspaceId);
    } catch (error) {
      parts.onFailure(error);
      lookAtAll = true;
    }
    if (left.length > maxRemembered) lookAtAll = true;
    else for (const workspaceId of left) changed.add(workspaceId);
    if (lookAtAll || left.length > 0) wait(retryMs);
  }

  return {
    lookAgain() {
      lookAtAll = true;
      wait(quietMs);
    },
    async stop() {
      stopping.abort();
      cancel();
      endListening();
      await round;
    },
  };
}

/** One of a kind's places in each feed. */
interface Way {
  readonly kind: TaskKind;
  readonly feed: string;
  /** Reads only what it was told to list, and nothing that comes. */
  readonly isRound: boolean;
  /** What is listed again leaves room for what comes. */
  readonly maxWaiting: number;
}

function waysOf(kind: TaskKind): Way[] {
  if (!kind.keyOf) return [];
  const own = { kind, feed: kind.name, isRound: false, maxWaiting: kind.maxWaiting };
  if (kind.roundFeed === undefined) return [own];
  return [own, { kind, feed: kind.roundFeed, isRound: true, maxWaiting: Math.ceil(kind.maxWaiting / 2) }];
}

interface Round {
  readonly workspaceId: WorkspaceId;
  readonly ways: readonly Way[];
  /** Of which too many wait: no other workspace's feed is read for them in this round, since there would be thousands, each for nothing. */
  readonly full: Set<Way>;
}

/** False where it has to be gone on with later: one workspace that fails keeps none of the others away. */
async function followWays(
  parts: FeederParts,
  { workspaceId, ways, full }: Round,
  signal: AbortSignal,
): Promise<boolean> {
  let isThrough = true;
  for (const way of ways)
    try {
      if (!full.has(way) && !(await follow(parts, { workspaceId, way }, signal))) full.add(way);
      if (full.has(way)) isThrough = false;
    } catch (error) {
      if (signal.aborted) return true;
      parts.onFailure(error);
      isThrough = false;
    }
  return isThrough;
}

interface Followed {
  readonly workspaceId: WorkspaceId;
  readonly way: Way;
}

/** Looks through what is new in one workspace's feed. False where too many tasks of the kind wait. */
async function follow(parts: FeederParts, followed: Followed, signal: AbortSignal): Promise<boolean> {
  const { tasks } = parts.metadata;
  const { workspaceId, way } = followed;
  const { kind, feed, isRound, maxWaiting } = way;
  while (!signal.aborted) {
    const before = await tasks.findPosition({ workspaceId, feed });
    if (isRound && !isListing(before)) return true;
    const page = await readFeed(parts, workspaceId, before);
    if (!page || (before?.sequence === page.position.sequence && page.changes.length === 0)) return true;
    const keys = page.changes.flatMap((entry) => kind.keyOf?.(entry) ?? []);
    // What has been there for long may take its time: nobody is about to look at it.
    const priority = before && !page.hasMore && !isRound ? taskPriority.new : taskPriority.later;
    const outcome = await tasks.feed(
      { workspaceId, kind: kind.name, feed, before, after: page.position, keys, priority },
      { nowMs: parts.host.nowMs(), maxWaiting },
    );
    if (outcome === "full") return false;
    if (outcome === "gone") return true;
    if (outcome === "fed" && keys.length > 0) parts.wake(kind.name);
    if (outcome === "fed" && !page.hasMore) return true;
  }
  return true;
}

/** Is there anything left of what was there when it was told to list? An epoch that no feed has stands for its beginning. */
function isListing(position: FeedPosition | undefined): boolean {
  return position !== undefined && (position.epoch === "" || position.listingHead !== undefined);
}

/** Undefined where the workspace is gone. A feed that can't be gone on with is read from its beginning. */
async function readFeed(
  { metadata: { tree } }: FeederParts,
  workspaceId: WorkspaceId,
  before: FeedPosition | undefined,
): Promise<FeedPage | undefined> {
  const read = (after: FeedPosition | undefined): Promise<FeedPage> =>
    tree.changesSince({ workspaceId, after, limit: changesPerPage });
  const orGone = (error: unknown): undefined => {
    if (!(error instanceof ProblemError) || error.code !== "not_found") throw error;
  };
  return read(before).catch((error: unknown) => {
    const mustStartAnew =
      error instanceof ProblemError && (error.code === "cursor_expired" || error.code === "cursor_ahead");
    return mustStartAnew ? read(undefined).catch(orGone) : orGone(error);
  });
}

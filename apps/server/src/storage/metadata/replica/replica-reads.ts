import { ProblemError, workspaceOfEntry, type WorkspaceId } from "@satchel/protocol";
import { createCircuitBreaker } from "../../circuit-breaker.ts";
import type { MetadataStore } from "../metadata-store.ts";
import type { ReplicaStatistics } from "../replica-statistics.ts";
import type { FeedPosition } from "../tree-store.ts";

/** What a replica is asked: nothing that writes. */
export type ReplicaStore = Pick<MetadataStore, "tree" | "history" | "close">;

/** So many calls in a row that could not be made, and the replica is left alone for a while. */
const failuresToOpen = 3;
const openMs = 5000;
/** A replica whose line is dead says nothing, not even that it took too long. */
const defaultMaxAnswerMs = 10_000;

interface ReplicaReadsOptions {
  readonly nowMs: () => number;
  /** The longest that a replica is waited for. */
  readonly maxAnswerMs?: number;
}

/**
 * The longer reads of a workspace go to a replica of the database, while it has the workspace's last change: one row of the primary, the head, tells. So whoever reads sees their own last write, and everybody else's, whichever process it was made at. One
 * that is behind, slow or gone costs a question, never an answer: the primary is asked instead. Reads of what has no head (accounts, rights, shares) stay with the primary, and so do those that cost no more than the head itself. Whoever opened the two closes them.
 */
export function withReplicaReads(
  primary: MetadataStore,
  replica: ReplicaStore,
  { nowMs, maxAnswerMs = defaultMaxAnswerMs }: ReplicaReadsOptions,
): { store: MetadataStore; statistics: () => ReplicaStatistics } {
  const counts = { replica: 0, behind: 0, away: 0 };
  const refusal = (): Error => new ProblemError("unavailable", "The replica is left alone for a while");
  const guard = createCircuitBreaker({ failuresToOpen, openMs, nowMs, refusal });

  /** Undefined when it can't be asked, or isn't as far. What it refuses besides is the answer. */
  async function askReplica<Answer>(
    { workspaceId, head }: { workspaceId: WorkspaceId; head: FeedPosition },
    ask: (store: ReplicaStore) => Promise<Answer>,
  ): Promise<PromiseSettledResult<Answer> | undefined> {
    const answer = async (): Promise<PromiseSettledResult<Answer> | undefined> => {
      if (!(await hasReached(replica, workspaceId, head))) return undefined;
      const [settled] = await Promise.allSettled([ask(replica)]);
      if (settled.status === "rejected" && isAway(settled.reason)) throw settled.reason;
      return settled.status === "rejected" && !isRefusal(settled.reason) ? undefined : settled;
    };
    try {
      const settled = await guard(() => within(maxAnswerMs, answer()));
      counts[settled ? "replica" : "behind"] += 1;
      return settled;
    } catch (error) {
      if (!isAway(error)) throw error;
      counts.away += 1;
      return undefined;
    }
  }

  async function read<Answer>(
    workspaceId: WorkspaceId,
    ask: (store: ReplicaStore) => Promise<Answer>,
  ): Promise<Answer> {
    const head = await primary.tree.head(workspaceId);
    const settled = await askReplica({ workspaceId, head }, ask);
    if (settled === undefined) return ask(primary);
    if (settled.status === "rejected") throw settled.reason;
    return settled.value;
  }

  const store: MetadataStore = {
    ...primary,
    tree: {
      ...primary.tree,
      changesSince: (query) => read(query.workspaceId, ({ tree }) => tree.changesSince(query)),
      listFolder: (query) => read(workspaceOfEntry(query.folderId), ({ tree }) => tree.listFolder(query)),
    },
    history: {
      ...primary.history,
      listVersions: (query) => read(workspaceOfEntry(query.id), ({ history }) => history.listVersions(query)),
      listTrash: (query) => read(query.workspaceId, ({ history }) => history.listTrash(query)),
      listActivity: (query) => read(query.workspaceId, ({ history }) => history.listActivity(query)),
    },
  };
  return { store, statistics: () => ({ ...counts }) };
}

/** A replica only goes forward: what it has reached it still has when it is asked next. */
async function hasReached(replica: ReplicaStore, workspaceId: WorkspaceId, head: FeedPosition): Promise<boolean> {
  try {
    const reached = await replica.tree.head(workspaceId);
    return reached.epoch === head.epoch && reached.sequence >= head.sequence;
  } catch (error) {
    // It hasn't heard of the workspace yet, or not even of the table.
    if (!isRefusal(error) || error.code === "not_found") return false;
    throw error;
  }
}

/** What else a database throws is its own word: on a replica, that a table or column is missing that an upgrade has just made. */
function isRefusal(error: unknown): error is ProblemError {
  return error instanceof ProblemError;
}

/** It can't be reached, is busy, or has no room even for a question. */
function isAway(error: unknown): boolean {
  return isRefusal(error) && (error.code === "unavailable" || error.code === "storage_full");
}

async function within<Answer>(ms: number, answer: Promise<Answer>): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new ProblemError("unavailable", "The replica says nothing")), ms);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

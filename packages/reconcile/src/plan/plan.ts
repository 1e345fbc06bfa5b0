import { matchNewcomers } from "../conflict/match-newcomers.ts";
import { undoCycles } from "../conflict/undo-cycles.ts";
import type { EntryId } from "@satchel/protocol";
import type { Trees } from "../tree/item.ts";
import { type Board, boardOf } from "./board.ts";
import { findHoldings } from "./holdings.ts";
import { agreeOnEquals, forgetTheGone } from "./keep-books.ts";
import { keepNeededFolders } from "./keep-needed.ts";
import { planLocal } from "./local-side.ts";
import type { BookOperation, IngestOperation, Plan } from "./operation.ts";
import { planRemote } from "./remote-side.ts";

/** The most operations in each of a plan's four lists, unless told otherwise. What doesn't fit is in the next plan. */
export const defaultPlanLimit = 5000;

export interface PlanOptions {
  /** About the most operations in each list of the plan (one that must not be torn apart may go a little over it). Default {@link defaultPlanLimit}. */
  readonly limit?: number;
  /** Equal for names that the disk can't have side by side in one folder; `findChild` of the local tree must find by it too. Default: each name is its own key. */
  readonly nameKey?: (name: string) => string;
  /** Entries that something is being done with, or that must be left alone for now: no operation is planned for them, and none that relies on their going away. Default: none. */
  readonly isBusy?: (id: EntryId) => boolean;
}

/**
 * Decides what to do, from the trees alone: the same trees give the same plan. Rules: docs/spec/reconcile.md. The cost follows what changed (times the depth), not the size of the trees.
 */
export function plan(trees: Trees, options: PlanOptions = {}): Plan {
  const { limit = defaultPlanLimit, nameKey = (name: string) => name, isBusy = () => false } = options;
  const board = boardOf(trees, isBusy);
  undoCycles(board);
  keepNeededFolders(board);
  const adoptions = matchNewcomers(board);
  const holdings = findHoldings(board);
  const books: BookOperation[] = [
    ...agreeOnEquals(board),
    ...adoptions.map((pair): BookOperation => ({ do: "adopt", ...pair })),
    ...forgetTheGone(board, trees.synced),
  ];
  const remote = planRemote(board, holdings, limit);
  const movedRemote = new Set(remote.filter((operation) => operation.do === "move_remote").map(({ id }) => id));
  const local = planLocal(board, holdings, { limit, nameKey, movedRemote });
  return {
    books: books.slice(0, limit),
    ingest: listUnread(board, isBusy).slice(0, limit),
    local,
    remote,
  };
}

/** Nothing that depends on the content of a file that changed is decided before the file was read. [RC3] */
function listUnread(board: Board, isBusy: (id: EntryId) => boolean): IngestOperation[] {
  const unread = board.involved.filter(({ id, local }) => local?.content === "unknown" && !isBusy(id));
  return unread.map(({ id }) => ({ do: "ingest", id }));
}

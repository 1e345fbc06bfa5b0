import { ProblemError } from "@satchel/protocol";
import type { SearchIndex } from "./search-index.ts";

/** An index that can't be opened is left alone for so long. */
const leaveAloneMs = 10_000;

/**
 * An index that is opened when it is asked for the first time: a process that neither indexes nor searches has none. While it can't be opened (a disk that is full) there is no search, and all else goes on.
 * Calls then fail with `unavailable`; the reason is told once for each attempt.
 */
export function openOnDemand({
  open,
  nowMs,
  onFailure,
}: {
  readonly open: () => Promise<SearchIndex>;
  readonly nowMs: () => number;
  readonly onFailure: (error: unknown) => void;
}): SearchIndex {
  let opened: Promise<SearchIndex> | undefined;
  let closedUntilMs = 0;
  let isClosed = false;

  async function index(): Promise<SearchIndex> {
    if (isClosed || (!opened && nowMs() < closedUntilMs)) throw unavailable();
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      closedUntilMs = nowMs() + leaveAloneMs;
      onFailure(error);
      throw unavailable();
    });
    return await opened;
  }

  return {
    positions: async (workspaceIds) => (await index()).positions(workspaceIds),
    apply: async (update) => (await index()).apply(update),
    listChildren: async (query) => (await index()).listChildren(query),
    remove: async (workspaceId, ids) => (await index()).remove(workspaceId, ids),
    forget: async (workspaceId, limit) => (await index()).forget(workspaceId, limit),
    listWorkspaces: async (query) => (await index()).listWorkspaces(query),
    listUnread: async (query) => (await index()).listUnread(query),
    hasUnread: async (workspaces, moreThan) => (await index()).hasUnread(workspaces, moreThan),
    putTexts: async (texts) => (await index()).putTexts(texts),
    textsOf: async (ids) => (await index()).textsOf(ids),
    candidates: async (query) => (await index()).candidates(query),
    async close() {
      isClosed = true;
      const last = await opened?.catch(() => undefined);
      await last?.close();
    },
  };
}

function unavailable(): ProblemError {
  return new ProblemError("unavailable", "there is no search at the moment: its index can't be opened", {
    retryAfterSeconds: Math.ceil(leaveAloneMs / 1000),
  });
}

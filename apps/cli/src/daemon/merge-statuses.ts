import { maxReportedFiles } from "@satchel/protocol";
import type { EngineStatus } from "./sync-engine.ts";

/** What stands for all, when they differ: the first of these. */
const order = ["error", "paused", "offline", "syncing", "synced"] as const satisfies readonly EngineStatus["state"][];

/** How the folder and the shared ones in it stand together. */
export function mergeStatuses(own: EngineStatus, others: readonly EngineStatus[]): EngineStatus {
  if (others.length === 0) return own;
  const all = [own, ...others];
  const state = order.find((each) => all.some((status) => status.state === each)) ?? own.state;
  const sum = (pick: (status: EngineStatus) => number | undefined): number =>
    all.reduce((total, status) => total + (pick(status) ?? 0), 0);
  return {
    ...own,
    state,
    pending: {
      uploads: sum(({ pending }) => pending.uploads),
      downloads: sum(({ pending }) => pending.downloads),
      bytes: sum(({ pending }) => pending.bytes),
    },
    transferred: {
      ...own.transferred,
      sentBytes: sum(({ transferred }) => transferred?.sentBytes),
      receivedBytes: sum(({ transferred }) => transferred?.receivedBytes),
    },
    arriving: all.flatMap(({ arriving }) => arriving ?? []).slice(0, maxReportedFiles),
    issues: all.flatMap(({ issues }) => issues),
  };
}

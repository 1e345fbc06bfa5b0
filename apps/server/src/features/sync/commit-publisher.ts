import type { DeviceId, WorkspaceId } from "@satchel/protocol";
import type { Bus, CarriedChunk } from "../../storage/bus/bus.ts";
import type { EntryChange, FeedPosition } from "../../storage/metadata/tree-store.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { KnownHeads } from "./known-heads.ts";

export interface PublishedCommit {
  readonly workspaceId: WorkspaceId;
  readonly origin: DeviceId | null;
  readonly outcome: {
    readonly before: FeedPosition;
    readonly after: FeedPosition;
    readonly changes: readonly EntryChange[];
  };
  readonly carried: readonly CarriedChunk[];
  /** False when there were more changes than the outcome tells. */
  readonly isComplete?: boolean;
}

/** Tells the rest of the server about a commit, in the same step in which it became known; every feature that commits ends with it. */
export type PublishCommit = (commit: PublishedCommit) => void;

export function createCommitPublisher(bus: Bus, heads: KnownHeads, outbox: Pick<Outbox, "told">): PublishCommit {
  return ({ workspaceId, origin, outcome: { before, after, changes }, carried, isComplete = true }) => {
    heads.learn(workspaceId, after);
    if (changes.length === 0) return;
    const message = { workspaceId, origin, before, after, changes, carried, isComplete };
    bus.publish({ kind: "committed", ...message }, () => outbox.told(workspaceId, after.sequence));
  };
}

import { maxPollSeconds } from "@satchel/protocol";
import type { ChangesPush, Cursor, WorkspaceId } from "@satchel/protocol";
import type { SyncCalls } from "../requests/sync-calls.ts";
import { noRetry } from "../retry/retry.ts";
import type { Timing } from "../retry/timing.ts";

/** How often the server is asked at most while its answers come at once. */
const minPollIntervalMs = 1000;

interface Poller {
  readonly workspaceId: WorkspaceId;
  readonly cursor: () => Cursor | undefined;
  readonly onPush: (push: ChangesPush) => void;
  readonly onState: (state: "polling" | "disconnected") => void;
}

/** Long-polls for about `durationMs`, and tells what it hears as pushes without content. @throws what the calls throw, then 'disconnected' was said. */
export async function pollFor(
  durationMs: number,
  poller: Poller,
  dependencies: { poll: SyncCalls["poll"]; timing: Timing },
  signal: AbortSignal,
): Promise<void> {
  const { timing } = dependencies;
  const endMs = timing.nowMs() + durationMs;
  for (let nowMs = timing.nowMs(); nowMs < endMs; nowMs = timing.nowMs()) {
    const cursor = poller.cursor();
    const timeoutSeconds = Math.max(1, Math.min(maxPollSeconds, Math.round((endMs - nowMs) / 1000)));
    try {
      const polling = dependencies.poll({ cursor, timeoutSeconds }, { signal, retry: noRetry });
      poller.onState("polling");
      const answer = await polling;
      if (answer.events.length > 0) tell(poller, cursor ?? answer.cursor, answer.cursor);
    } catch (error) {
      poller.onState("disconnected");
      throw error;
    }
    // A subscriber that is still fetching has not moved its cursor, and the answers come at once until it has.
    await timing.sleep(Math.max(0, nowMs + minPollIntervalMs - timing.nowMs()), signal);
  }
}

function tell(poller: Poller, before: Cursor, cursor: Cursor): void {
  poller.onPush({ event: "changes", workspace_id: poller.workspaceId, before, cursor });
}

import { maxPollSeconds } from "@satchel/protocol";
import type { ChangesPush, Cursor, WorkspaceId } from "@satchel/protocol";
import type { SyncCalls } from "../requests/sync-calls.ts";
import { noRetry } from "../retry/retry.ts";
import type { Timing } from "../retry/timing.ts";
import { OfflineError } from "../transport/transport.ts";

/** How often the server is asked at most while its answers come at once. */
const minPollIntervalMs = 250;
/** So many questions in a row may get no answer before the way is taken for closed. */
const maxBrokenPolls = 3;
/** A question that was cut off after this long was cut for waiting. */
const waitedMs = 1000;

interface Poller {
  readonly workspaceId: WorkspaceId;
  readonly cursor: () => Cursor | undefined;
  readonly onPush: (push: ChangesPush) => void;
  readonly onState: (state: "polling" | "disconnected") => void;
}

/**
 * Long-polls for about `durationMs`, and tells what it hears as pushes without content. The first question is answered at once, and tells whether anybody is there. Where
 * something on the way cuts long questions off, they become shorter. @throws what the calls throw, then 'disconnected' was said.
 */
export async function pollFor(
  durationMs: number,
  poller: Poller,
  dependencies: { poll: SyncCalls["poll"]; timing: Timing },
  signal: AbortSignal,
): Promise<void> {
  const { timing } = dependencies;
  const endMs = timing.nowMs() + durationMs;
  let [isThere, broken, limitSeconds] = [false, 0, maxPollSeconds];
  for (let nowMs = timing.nowMs(); nowMs < endMs; nowMs = timing.nowMs()) {
    const cursor = poller.cursor();
    const leftSeconds = Math.max(1, Math.round((endMs - nowMs) / 1000));
    const timeoutSeconds = isThere ? Math.min(limitSeconds, leftSeconds) : 0;
    try {
      const answer = await dependencies.poll(
        { workspaceId: poller.workspaceId, cursor, timeoutSeconds },
        { signal, retry: noRetry },
      );
      [isThere, broken] = [true, 0];
      poller.onState("polling");
      if (answer.events.length > 0) tell(poller, cursor ?? answer.cursor, answer.cursor);
    } catch (error) {
      broken += 1;
      if (!isThere || !(error instanceof OfflineError) || broken > maxBrokenPolls) {
        poller.onState("disconnected");
        throw error;
      }
      const elapsedMs = timing.nowMs() - nowMs;
      if (elapsedMs >= waitedMs) limitSeconds = Math.max(1, Math.floor((elapsedMs * 0.8) / 1000));
      continue;
    }
    // A subscriber that is still fetching has not moved its cursor, and the answers come at once until it has.
    if (timeoutSeconds > 0) await timing.sleep(Math.max(0, nowMs + minPollIntervalMs - timing.nowMs()), signal);
  }
}

function tell(poller: Poller, before: Cursor, cursor: Cursor): void {
  poller.onPush({ event: "changes", workspace_id: poller.workspaceId, before, cursor });
}

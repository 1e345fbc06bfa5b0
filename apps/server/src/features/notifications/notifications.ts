import { ProblemError, type ChangeEvent, type Cursor, type WorkspaceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import type { DeviceReports } from "../device-reports/device-reports.ts";
import type { PresenceBook } from "../presence/presence.ts";
import type { Authenticator } from "../identity/authenticator.ts";
import { encodeCursor, parseCursor } from "../sync/cursor.ts";
import { checkPosition } from "../sync/known-heads.ts";
import type { NotificationHub, NotificationMode } from "./notification-hub.ts";
import type { PushSink } from "./push-queue.ts";

/** Where to listen: by default, in the account's own workspace from now on. */
interface Place {
  readonly workspaceId: WorkspaceId | undefined;
  readonly cursor: string | undefined;
}

export interface OpenRequest extends Place {
  readonly mode: NotificationMode;
  /** Whether to tell what devices do, too. */
  readonly devices: boolean;
  readonly sink: PushSink;
}

export interface PollRequest extends Place {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Notifications {
  /**
   * May this connection be opened? Asked before the handshake, when a refusal can still be answered properly.
   * @throws bad_cursor, not_found, unavailable
   */
  requireOpenable(caller: Caller, place: Place): Promise<void>;
  /**
   * Sends what happens in the account's workspace to the sink, until the returned function is called; first, what happened since the cursor.
   * A syncing device is always told where the feed is, so that it finds out by the feed when its cursor is no good any more.
   */
  open(caller: Caller, request: OpenRequest): Promise<() => void>;
  /** Waits until something happened after the cursor. @throws bad_cursor, cursor_expired, cursor_ahead */
  poll(caller: Caller, request: PollRequest): Promise<{ events: ChangeEvent[]; cursor: Cursor }>;
  /** Ends connections of logins that another process revoked, and of those who lost their rights in the workspace. */
  endRevokedLogins(): Promise<void>;
}

interface NotificationsParts {
  readonly hub: NotificationHub;
  readonly tree: TreeStore;
  readonly authenticator: Authenticator;
  readonly authorisation: Authorisation;
  readonly reports: DeviceReports;
  readonly presence: Pick<PresenceBook, "left" | "presentIn">;
  readonly host: Host;
}

export function createNotifications(parts: NotificationsParts): Notifications {
  const { hub, tree, authenticator, authorisation } = parts;
  return {
    async requireOpenable(caller, { workspaceId, cursor }) {
      hub.requireRoom();
      if (workspaceId) await authorisation.requireWorkspace(caller, workspaceId);
      if (cursor !== undefined) parseCursor(cursor);
    },
    async open(caller, { mode, devices, cursor, sink, workspaceId: asked }) {
      const workspaceId = await authorisation.requireWorkspace(caller, asked ?? caller.rootWorkspaceId);
      const isAllowed = (): Promise<boolean> =>
        authorisation.requireWorkspace(caller, workspaceId).then(
          () => true,
          (error: unknown) => !(error instanceof ProblemError),
        );
      // Listening starts before looking, so that no commit falls between the two.
      const subscription = hub.subscribe({
        workspaceId,
        deviceId: caller.deviceId,
        accountId: caller.accountId,
        mode,
        watchesDevices: devices && mode === "changes",
        sink,
        isAllowed,
      });
      const leave = (): void => {
        subscription.end();
        if (hub.isConnected(caller.deviceId, caller.accountId)) return;
        parts.reports.left(caller);
        parts.presence.left(caller);
      };
      try {
        const head = await tree.head(workspaceId);
        const after = cursor === undefined ? head : parseCursor(cursor);
        const isBehind = after.sequence !== head.sequence || after.epoch !== head.epoch;
        if (mode === "changes" || isBehind) subscription.tellMissed({ before: after, after: head });
        const told = devices ? [parts.reports.arrivingIn(workspaceId), parts.presence.presentIn(workspaceId)] : [];
        for (const text of told.flat()) sink.send(text, () => undefined);
        return leave;
      } catch (error) {
        leave();
        throw error;
      }
    },
    poll: (caller, request) => poll(parts, caller, request),
    async endRevokedLogins() {
      for (const deviceId of hub.connectedDevices()) {
        if (!(await authenticator.isSignedIn(deviceId))) hub.endLogin(deviceId);
      }
      await hub.endForbidden();
    },
  };
}

async function poll(
  { hub, tree, host, authorisation }: NotificationsParts,
  caller: Caller,
  request: PollRequest,
): Promise<{ events: ChangeEvent[]; cursor: Cursor }> {
  const workspaceId = await authorisation.requireWorkspace(caller, request.workspaceId ?? caller.rootWorkspaceId);
  const asked = request.cursor === undefined ? undefined : parseCursor(request.cursor);
  const ended = new AbortController();
  // Listening starts before looking, so that no commit falls between the two.
  const changed = hub.nextChange(workspaceId, AbortSignal.any([request.signal, ended.signal]));
  const cancelTimer = host.after(request.timeoutMs, () => ended.abort());
  try {
    let head = await tree.head(workspaceId);
    const after = asked ?? head;
    checkPosition(after, head);
    if (head.sequence === after.sequence) {
      await changed;
      // The caller may have lost its rights while it waited.
      await authorisation.requireWorkspace(caller, workspaceId);
      head = await tree.head(workspaceId);
    }
    const events = head.sequence === after.sequence ? [] : hub.recentEvents(workspaceId, after, head);
    return { events, cursor: encodeCursor(head) };
  } finally {
    cancelTimer();
    ended.abort();
  }
}

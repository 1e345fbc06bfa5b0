import { encodeManifest, type ManifestChunk } from "@satchel/chunking";
import {
  ProblemError,
  type AccountId,
  type AccountNews,
  type ChunksWanted,
  type CommentsChanged,
  type DeviceId,
  type EntryId,
  type WorkspaceId,
} from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus, CommittedMessage } from "../../storage/bus/bus.ts";
import type { FeedPosition } from "../../storage/metadata/tree-store.ts";
import { describeCommit, lookAgain } from "./change-events.ts";
import { describePush, emptyPush } from "./changes-push.ts";
import { maxBacklogBytes, PushQueue, type PushSink } from "./push-queue.ts";
import { RecentEvents } from "./recent-events.ts";

/** `events`: one JSON event a message. `changes`: what a syncing device needs, states and small contents included. */
export type NotificationMode = "events" | "changes";

export interface Subscriber {
  readonly workspaceId: WorkspaceId;
  readonly deviceId: DeviceId;
  readonly accountId: AccountId;
  readonly mode: NotificationMode;
  /** Wants to hear what devices do. */
  readonly watchesDevices: boolean;
  readonly sink: PushSink;
  /** May it still listen? Asked from time to time, as messages about rights may get lost. */
  readonly isAllowed: () => Promise<boolean>;
}

export interface Subscription {
  /** Tells this subscriber of what happened before it subscribed. */
  tellMissed(missed: { readonly before: FeedPosition; readonly after: FeedPosition }): void;
  end(): void;
}

interface Connection extends Subscriber {
  readonly queue: PushQueue;
}

interface Channel {
  readonly connections: Set<Connection>;
  readonly waiting: Set<() => void>;
  readonly recent: RecentEvents;
}

/** Workspaces whose recent events are remembered while nobody is connected. */
const maxIdleChannels = 1000;
export const defaultMaxConnections = 10_000;

/** Whoever finds no room polls for so long and up to twice that, each for another time: thousands that were refused together don't come back together. */
const minRetrySeconds = 30;

/** How often some connections are ended while draining. */
const drainStepMs = 50;

/** WebSocket close codes: the server goes away; it begins anew; the login ended (4000 and up are the application's own). */
const goingAway = 1001;
const serviceRestart = 1012;
const loginEnded = 4401;
const rightsChanged = 4403;

const newsText = JSON.stringify({ event: "account_news" } satisfies AccountNews);

/** Tells connected devices and waiting polls about commits, as the bus brings them. */
export class NotificationHub {
  readonly #channels = new Map<WorkspaceId, Channel>();
  /** Those of each account, in whichever folder. */
  readonly #ofAccount = new Map<AccountId, Set<Connection>>();
  readonly #maxConnections: number;
  readonly #random: () => number;
  readonly #unsubscribe: () => void;
  #connections = 0;
  #closed = false;
  #isDraining = false;

  /** `random` gives numbers from 0 up to 1. */
  constructor(options: { readonly bus: Bus; readonly maxConnections: number; readonly random: () => number }) {
    this.#maxConnections = options.maxConnections;
    this.#random = options.random;
    this.#unsubscribe = options.bus.subscribe((message) => {
      if (message.kind === "committed") this.#tell(message);
      if (message.kind === "device_revoked") this.endLogin(message.deviceId);
      if (message.kind === "rights_changed") this.#endAccess(message);
      if (message.kind === "rights_changed" || message.kind === "account_news") this.#tellNews(message.accountId);
      if (message.kind === "chunks_wanted") this.#askFor(message.workspaceId, message.chunks);
      if (message.kind === "comments_changed") this.#tellComments(message.workspaceId, message.fileId);
      if (message.kind === "gap") this.#lookAgain();
    });
  }

  get connections(): number {
    return this.#connections;
  }

  /** @throws unavailable when there is no room: poll instead */
  requireRoom(): void {
    if (this.#closed || this.#isDraining || this.#connections >= this.#maxConnections) {
      throw new ProblemError("unavailable", "no more connections at the moment; poll instead", {
        retryAfterSeconds: Math.floor(minRetrySeconds * (1 + this.#random())),
      });
    }
  }

  /** @throws unavailable, as {@link requireRoom} */
  subscribe(subscriber: Subscriber): Subscription {
    this.requireRoom();
    const { workspaceId, mode, sink } = subscriber;
    const queue = new PushQueue(sink, (span) =>
      JSON.stringify(mode === "changes" ? emptyPush(workspaceId, span) : lookAgain(workspaceId, span.after)),
    );
    const channel = this.#channel(workspaceId);
    const connection = { ...subscriber, queue };
    channel.connections.add(connection);
    const ofAccount = this.#ofAccount.get(subscriber.accountId) ?? new Set();
    this.#ofAccount.set(subscriber.accountId, ofAccount.add(connection));
    this.#connections += 1;
    return {
      tellMissed: (missed) => queue.push(missed, this.#describeMissed(mode, { workspaceId, ...missed })),
      end: () => {
        if (channel.connections.delete(connection)) this.#connections -= 1;
        ofAccount.delete(connection);
        if (ofAccount.size === 0 && this.#ofAccount.get(subscriber.accountId) === ofAccount)
          this.#ofAccount.delete(subscriber.accountId);
      },
    };
  }

  /** Resolves when the workspace may have changed, the signal is aborted, or the server stops. */
  async nextChange(workspaceId: WorkspaceId, signal: AbortSignal): Promise<void> {
    if (this.#closed || signal.aborted) return;
    const { waiting } = this.#channel(workspaceId);
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }

  /** What happened between the two positions, as far as it is remembered. */
  recentEvents(workspaceId: WorkspaceId, after: FeedPosition, head: FeedPosition) {
    return this.#channels.get(workspaceId)?.recent.between(after, head) ?? [lookAgain(workspaceId, head)];
  }

  /** The devices that are connected now. */
  connectedDevices(): Set<DeviceId> {
    return new Set(
      [...this.#channels.values()].flatMap(({ connections }) => [...connections].map(({ deviceId }) => deviceId)),
    );
  }

  isConnected(deviceId: DeviceId, accountId: AccountId): boolean {
    return [...(this.#ofAccount.get(accountId) ?? [])].some((connection) => connection.deviceId === deviceId);
  }

  endLogin(deviceId: DeviceId): void {
    for (const { connections } of this.#channels.values()) {
      for (const connection of connections) {
        if (connection.deviceId === deviceId) connection.queue.close(loginEnded, "the login ended");
      }
    }
  }

  /** Ends the connections that may not listen any more. */
  async endForbidden(): Promise<void> {
    for (const { connections } of this.#channels.values()) {
      for (const { queue, isAllowed } of connections)
        if (!(await isAllowed())) queue.close(rightsChanged, "the rights in this folder changed");
    }
  }

  /** Whoever still has rights connects again; a waiting poll looks again by itself. */
  #endAccess({ workspaceId, accountId }: { readonly workspaceId: WorkspaceId; readonly accountId: AccountId }): void {
    const channel = this.#channels.get(workspaceId);
    if (!channel) return;
    for (const connection of channel.connections) {
      if (connection.accountId === accountId)
        connection.queue.close(rightsChanged, "the rights in this folder changed");
    }
    for (const wake of channel.waiting) wake();
  }

  /** Ends the connections one by one over that time, and takes no new ones, so that who comes back elsewhere doesn't come with all the others. */
  async drain(forMs: number, { after }: Pick<Host, "after">): Promise<void> {
    this.#isDraining = true;
    const ending = [...this.#channels.values()].flatMap(({ connections }) => [...connections]);
    const perStep = Math.max(1, Math.ceil((ending.length * drainStepMs) / Math.max(1, forMs)));
    for (let at = 0; at < ending.length; at += perStep) {
      for (const { queue } of ending.slice(at, at + perStep)) queue.close(goingAway, "the server is stopping");
      await new Promise<void>((resolve) => void after(drainStepMs, resolve));
    }
  }

  /** Ends every connection and poll. */
  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    for (const { connections, waiting } of this.#channels.values()) {
      for (const { queue } of connections) queue.close(goingAway, "the server is stopping");
      for (const wake of waiting) wake();
    }
  }

  /** Nobody knows what was missed: devices connect again, say where they are, and are told. */
  #lookAgain(): void {
    for (const { connections, waiting } of this.#channels.values()) {
      for (const { queue } of connections) queue.close(serviceRestart, "messages were lost: connect again");
      for (const wake of waiting) wake();
    }
  }

  /** Only who keeps up is asked; whoever isn't, another time. */
  #askFor(workspaceId: WorkspaceId, chunks: readonly ManifestChunk[]): void {
    const packed = Buffer.from(encodeManifest(chunks)).toString("base64");
    const text = JSON.stringify({
      event: "chunks_wanted",
      workspace_id: workspaceId,
      chunks: packed,
    } satisfies ChunksWanted);
    for (const { mode, sink } of this.#channels.get(workspaceId)?.connections ?? []) {
      if (mode === "changes" && sink.backlogBytes() === 0) sink.send(text, () => undefined);
    }
  }

  /** Whoever doesn't keep up asks when it connects again. */
  #tellNews(accountId: AccountId): void {
    for (const { mode, sink } of this.#ofAccount.get(accountId) ?? [])
      if (mode === "changes" && sink.backlogBytes() === 0) sink.send(newsText, () => undefined);
  }

  /** As {@link #tellNews}, to those in the workspace. */
  #tellComments(workspaceId: WorkspaceId, fileId: EntryId): void {
    const told = { event: "comments_changed", workspace_id: workspaceId, file_id: fileId } satisfies CommentsChanged;
    const text = JSON.stringify(told);
    for (const { mode, sink } of this.#channels.get(workspaceId)?.connections ?? [])
      if (mode === "changes" && sink.backlogBytes() === 0) sink.send(text, () => undefined);
  }

  /** To those in the workspace who want to hear what devices do. Nobody asks for it later: that somebody left would stay unheard where something else was just being sent. So who is a little behind is told, too. */
  tellWatchers(workspaceId: WorkspaceId, text: string): void {
    for (const { watchesDevices, sink } of this.#channels.get(workspaceId)?.connections ?? [])
      if (watchesDevices && sink.backlogBytes() <= maxBacklogBytes) sink.send(text, () => undefined);
  }

  #tell(message: CommittedMessage): void {
    const channel = this.#channel(message.workspaceId);
    let push: string | undefined;
    let ownPush: string | undefined;
    let events: string[] | undefined;
    const described = describeCommit(message);
    // Each text is made once, whoever gets it, and syncing devices come first: they wait for it.
    for (const { mode, deviceId, queue } of channel.connections) {
      if (mode !== "changes") continue;
      if (deviceId === message.origin)
        queue.push(message, [(ownPush ??= JSON.stringify(emptyPush(message.workspaceId, message)))]);
      else queue.push(message, [(push ??= JSON.stringify(describePush(message)))]);
    }
    for (const { mode, queue } of channel.connections) {
      if (mode === "events") queue.push(message, (events ??= described.map((event) => JSON.stringify(event))));
    }
    channel.recent.add({ before: message.before, after: message.after, events: described });
    for (const wake of channel.waiting) wake();
  }

  #describeMissed(
    mode: NotificationMode,
    missed: { workspaceId: WorkspaceId; before: FeedPosition; after: FeedPosition },
  ): string[] {
    const { workspaceId, before, after } = missed;
    if (mode === "changes") return [JSON.stringify(emptyPush(workspaceId, missed))];
    return this.recentEvents(workspaceId, before, after).map((event) => JSON.stringify(event));
  }

  #channel(workspaceId: WorkspaceId): Channel {
    const channel = this.#channels.get(workspaceId) ?? {
      connections: new Set(),
      waiting: new Set(),
      recent: new RecentEvents(),
    };
    this.#channels.delete(workspaceId);
    this.#channels.set(workspaceId, channel);
    if (this.#channels.size > maxIdleChannels) this.#forgetIdleChannel();
    return channel;
  }

  #forgetIdleChannel(): void {
    for (const [workspaceId, { connections, waiting }] of this.#channels) {
      if (connections.size > 0 || waiting.size > 0) continue;
      this.#channels.delete(workspaceId);
      return;
    }
  }
}

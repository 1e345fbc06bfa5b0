import type { ManifestChunk } from "@satchel/chunking";
import type { AccountId, ChunkHash, DeviceId, DeviceReport, EntryId, OpenFile, WorkspaceId } from "@satchel/protocol";
import type { EntryChange, FeedPosition } from "../metadata/tree-store.ts";

/** Bytes of a chunk that a commit brought along, for a push that needs no look into the chunk store. */
export interface CarriedChunk {
  readonly hash: ChunkHash;
  readonly bytes: Uint8Array;
}

/** A workspace's feed went from `before` to `after`. */
export interface CommittedMessage {
  readonly kind: "committed";
  readonly workspaceId: WorkspaceId;
  /** The device whose request it was; null for the server's own work. */
  readonly origin: DeviceId | null;
  readonly before: FeedPosition;
  readonly after: FeedPosition;
  /** Changes between the two, in feed order. */
  readonly changes: readonly EntryChange[];
  /** Whether these are all of them. */
  readonly isComplete: boolean;
  readonly carried: readonly CarriedChunk[];
}

/** A device, with what others are told of it. */
export interface ReportingDevice {
  readonly id: DeviceId;
  readonly name: string;
  readonly accountId: AccountId;
  readonly userName: string;
  readonly rootWorkspaceId: WorkspaceId;
}

export type BusMessage =
  | CommittedMessage
  | { readonly kind: "device_revoked"; readonly deviceId: DeviceId }
  | { readonly kind: "account_changed"; readonly accountId: AccountId }
  /** Damaged in the store: whoever of the workspace's devices has one may bring it again. */
  | { readonly kind: "chunks_wanted"; readonly workspaceId: WorkspaceId; readonly chunks: readonly ManifestChunk[] }
  /** The account has another role in the workspace, or none any more. */
  | { readonly kind: "rights_changed"; readonly workspaceId: WorkspaceId; readonly accountId: AccountId }
  /** What the account shares, is invited to or is told about has changed. */
  | { readonly kind: "account_news"; readonly accountId: AccountId }
  /** Something was said about the file, or taken back. */
  | { readonly kind: "comments_changed"; readonly workspaceId: WorkspaceId; readonly fileId: EntryId }
  /** What a device said about what it does; null when it is gone. */
  | {
      readonly kind: "device_reported";
      readonly device: ReportingDevice;
      readonly report: DeviceReport | null;
      readonly atMs: number;
    }
  /** What a window or program of a device has open now. */
  | {
      readonly kind: "presence_reported";
      readonly device: ReportingDevice;
      readonly client: string;
      readonly open: readonly OpenFile[];
    }
  /** Something of the workspace is kept from everybody from now on. */
  | { readonly kind: "content_held"; readonly workspaceId: WorkspaceId }
  /** Messages were lost: whoever depends on them looks again. */
  | { readonly kind: "gap" };

/**
 * Tells the parts of the server what happened. Messages are hints: one may be lost or come twice, and the database stays the truth.
 * Those of one workspace from one publisher arrive in the order in which they were published.
 */
export interface Bus {
  /**
   * Never throws and never waits for listeners. `onSent` is called when the message is where all others will find it; never, when it was dropped or this process ends before.
   */
  publish(message: BusMessage, onSent?: () => void): void;
  /** A listener must not block; what it throws is reported, and doesn't keep the message from the others. Returns what ends it. */
  subscribe(listener: (message: BusMessage) => void): () => void;
}

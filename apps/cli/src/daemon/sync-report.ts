/** How a sync stands: `status --json`, word for word. */
export interface SyncReport {
  readonly state: "synced" | "syncing" | "paused" | "offline" | "error";
  readonly folder: string;
  readonly server: string;
  readonly user: string;
  readonly pending: { readonly uploads: number; readonly downloads: number; readonly bytes: number };
  readonly issues: readonly SyncIssue[];
  /** When a pause ends by itself, RFC 3339; null for one that lasts until `resume`. Only while paused. */
  readonly pausedUntil?: string | null;
}

/** A report for who shows progress: scripts hold `status --json` to its members, and get no more. */
export interface SyncProgress extends SyncReport {
  /** Bytes that were carried since the sync began to run, also of files that are not whole yet. */
  readonly transferred?: { readonly sentBytes: number; readonly receivedBytes: number };
}

/** Something that could not be synchronised, or that the person should know. */
export interface SyncIssue {
  /** From the folder, with '/'; empty for the folder itself. */
  readonly path: string;
  readonly code: string;
  /** A sentence that says what is wrong and what to do. */
  readonly message: string;
}

/** How one item stands. */
export interface ItemReport {
  readonly path: string;
  readonly state: "synced" | "uploading" | "downloading" | "ignored" | "excluded" | "error" | "unknown";
  /** What is wrong and what to do. */
  readonly message?: string;
}

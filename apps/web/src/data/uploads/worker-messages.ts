import type { EntryId, ProblemCode, VersionId } from "@satchel/protocol";

/** Where an upload's content goes: into a new file, or as a new version of one that the person has seen. */
export type UploadTarget =
  | { readonly kind: "create"; readonly id: EntryId; readonly parentId: EntryId; readonly name: string }
  | { readonly kind: "edit"; readonly id: EntryId; readonly baseVersionId: VersionId };

export interface UploadJob {
  /** Made by the page, unique in this worker's life. */
  readonly job: number;
  readonly file: File;
  readonly target: UploadTarget;
}

/** Why an upload failed, in terms that the page has words for. */
export type UploadFailure = ProblemCode | "unreadable" | "changed_while_read";

export type ToWorker =
  | { readonly kind: "open"; readonly serverUrl: string }
  | { readonly kind: "upload"; readonly upload: UploadJob }
  | { readonly kind: "stop"; readonly job: number }
  /** The network came back. */
  | { readonly kind: "online" }
  | { readonly kind: "token"; readonly request: number; readonly token: string | undefined };

export type FromWorker =
  | { readonly kind: "sent"; readonly job: number; readonly bytes: number }
  | { readonly kind: "done"; readonly job: number }
  | { readonly kind: "failed"; readonly job: number; readonly failure: UploadFailure }
  /** A call waits for the network, or no longer does. */
  | { readonly kind: "waiting"; readonly waiting: boolean }
  /** `refused`: the token that the server did not take. Answered by a `token`. */
  | { readonly kind: "needs_token"; readonly request: number; readonly refused: string | undefined };

import type { ApiClient } from "@satchel/api-client";
import {
  maxCommitBodyBytes,
  maxCommitOperations,
  ProblemError,
  type CommitOperation,
  type CommitResult,
  type Cursor,
  type WorkspaceId,
} from "@satchel/protocol";
import { pack, type PendingChunk } from "./send-content.ts";

/** Commits wait this long for company, since one of a hundred files costs little more than one of one. */
const gatherMs = 20;
/** Room for the head of the frame beside the bytes. */
const maxCarriedBytes = maxCommitBodyBytes / 2;

interface Waiting {
  readonly operation: CommitOperation;
  readonly carried: readonly PendingChunk[];
  readonly settle: (result: CommitResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Commits of several files together, with the bytes of the small ones. */
export class CommitBatcher {
  readonly #api: ApiClient;
  readonly #workspaceId: WorkspaceId;
  #waiting: Waiting[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #cursor: Promise<Cursor> | undefined;

  constructor(api: ApiClient, workspaceId: WorkspaceId) {
    this.#api = api;
    this.#workspaceId = workspaceId;
  }

  /** @throws ProblemError when the operation was refused */
  async commit(operation: CommitOperation, carried: readonly PendingChunk[]): Promise<void> {
    const result = await new Promise<CommitResult>((settle, reject) => {
      this.#waiting.push({ operation, carried, settle, reject });
      if (this.#isFull()) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
    });
    if (result.status === "failed") throw new ProblemError(result.code, result.detail);
  }

  #isFull(): boolean {
    const bytes = this.#waiting.reduce((sum, { carried }) => sum + carriedBytes(carried), 0);
    return this.#waiting.length >= maxCommitOperations || bytes >= maxCarriedBytes;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#send(batch).catch((error: unknown) => {
      for (const { reject } of batch) reject(error);
    });
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    const chunks = batch.flatMap(({ carried }) => carried);
    const request = {
      workspace_id: this.#workspaceId,
      seen: await this.#seen(),
      operations: batch.map(({ operation }) => operation),
      ...(chunks.length > 0 ? { carried: pack(chunks) } : {}),
    };
    const { results, cursor } = await this.#api.commit(request, { carried: chunks.map(({ bytes }) => bytes) });
    this.#cursor = Promise.resolve(cursor);
    batch.forEach(({ settle, reject }, index) => {
      const result = results[index];
      if (result) settle(result);
      else reject(new ProblemError("internal", "the commit's answer has no result for this file"));
    });
  }

  /** Uploads delete nothing, so any place in the feed will do. */
  #seen(): Promise<Cursor> {
    this.#cursor ??= this.#api.poll({ workspaceId: this.#workspaceId, timeoutSeconds: 0 }).then(({ cursor }) => cursor);
    return this.#cursor;
  }
}

function carriedBytes(carried: readonly PendingChunk[]): number {
  return carried.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

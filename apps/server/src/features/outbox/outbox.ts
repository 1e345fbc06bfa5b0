import type { WorkspaceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { OutboxStore } from "../../storage/metadata/outbox-store.ts";

/** What was told is written down together so often. */
const forgetEveryMs = 200;
/** Beyond, they are told again by whoever looks after the outbox, which harms nobody. */
const maxTold = 10_000;

export interface Outbox {
  /** The commit that ended here was told to the others. */
  told(workspaceId: WorkspaceId, sequence: number): void;
  /** Writes down what was told so far. */
  close(): Promise<void>;
}

/** Takes commits that were told out of the outbox, many at a time. */
export function createOutbox(parts: {
  readonly store: OutboxStore;
  readonly host: Pick<Host, "after">;
  readonly onFailure: (error: unknown) => void;
}): Outbox {
  let told: { workspaceId: WorkspaceId; sequence: number }[] = [];
  let writing: Promise<void> | undefined;
  let isClosed = false;

  async function write(): Promise<void> {
    const written = told;
    told = [];
    if (written.length > 0) await parts.store.forget(written).catch(parts.onFailure);
    writing = undefined;
    if (told.length > 0 && !isClosed) begin();
  }

  function begin(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    writing = promise;
    parts.host.after(forgetEveryMs, () => void write().then(resolve, resolve));
  }

  return {
    told(workspaceId, sequence) {
      if (told.length >= maxTold || isClosed) return;
      told.push({ workspaceId, sequence });
      if (!writing) begin();
    },
    async close() {
      isClosed = true;
      await write();
    },
  };
}

import { DiskError } from "../ports/disk.ts";
import type { StructureCall, StructureOutcome } from "./jobs/structure-job.ts";
import type { StructureOperations } from "./structure/structure-operations.ts";
import { fromWireError } from "./system-error.ts";
import type { DiskWorkers } from "./workers/disk-workers.ts";

/** Operations that go to a worker in one message. */
const maxBatchLength = 256;

/** Operations that may wait; a caller that asks for more has lost count of its work. */
const maxWaiting = 65_536;

/** Does operations on names in a worker, in the order asked for. */
export interface StructureQueue {
  perform<Name extends keyof StructureOperations>(
    operation: Name,
    ...args: Parameters<StructureOperations[Name]>
  ): Promise<ReturnType<StructureOperations[Name]>>;
}

interface WaitingCall {
  readonly call: StructureCall;
  readonly outcome: PromiseWithResolvers<unknown>;
}

/**
 * What is asked for while a batch is under way makes the next one, so that a thousand operations asked for at once cost a
 * few messages, and a single one waits for nobody.
 */
export function createStructureQueue(workers: DiskWorkers): StructureQueue {
  const waiting: WaitingCall[] = [];
  let isRunning = false;

  async function drain(): Promise<void> {
    // All that is asked for in this turn of the event loop belongs to the first batch.
    await Promise.resolve();
    while (waiting.length > 0) await performBatch(workers, waiting.splice(0, maxBatchLength));
    isRunning = false;
  }

  return {
    perform(operation, ...args) {
      const outcome = Promise.withResolvers<unknown>();
      const answer = outcome.promise as Promise<ReturnType<StructureOperations[typeof operation]>>;
      if (waiting.length >= maxWaiting) {
        outcome.reject(new DiskError("failed", "", "too much work is waiting for the disk"));
        return answer;
      }
      // A name and its own arguments: the type can't follow a union through a generic call.
      waiting.push({ call: { operation, args } as StructureCall, outcome });
      if (!isRunning) {
        isRunning = true;
        drain().catch(outcome.reject);
      }
      return answer;
    },
  };
}

async function performBatch(workers: DiskWorkers, batch: readonly WaitingCall[]): Promise<void> {
  try {
    const outcomes = JSON.parse(
      await workers.run("structure", JSON.stringify(batch.map(({ call }) => call))),
    ) as StructureOutcome[];
    batch.forEach(({ outcome }, index) => tell(outcome, outcomes[index]));
  } catch (error) {
    for (const { outcome } of batch) outcome.reject(error);
  }
}

function tell(to: PromiseWithResolvers<unknown>, outcome: StructureOutcome | undefined): void {
  if (outcome === undefined) to.reject(new DiskError("failed", "", "the worker answered too little"));
  else if ("error" in outcome) to.reject(fromWireError(outcome.error));
  else to.resolve(outcome.value);
}

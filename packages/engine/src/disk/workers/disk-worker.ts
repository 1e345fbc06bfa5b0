import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { DiskError } from "../../ports/disk.ts";
import { cutJob } from "../jobs/cut-job.ts";
import { fillPartJob } from "../jobs/fill-part-job.ts";
import { finishPartJob, openPartJob } from "../jobs/part-file.ts";
import { readChunksJob } from "../jobs/read-chunks-job.ts";
import { readSmallJob } from "../jobs/read-small-job.ts";
import { scanJob } from "../jobs/scan-job.ts";
import { structureJob } from "../jobs/structure-job.ts";
import { writeSmallJob } from "../jobs/write-small-job.ts";
import { collectGarbage } from "../../memory/collect-garbage.ts";
import { toDiskError, toWireError } from "../system-error.ts";
import type { JobContext, JobHandler, JobShape } from "./job.ts";
import type { JobName, Jobs } from "./job-table.ts";
import { abortedDetail, type FromWorker, type ToWorker } from "./message.ts";

const handlers: { readonly [Name in JobName]: JobHandler<Jobs[Name]> } = {
  structure: structureJob,
  scan: scanJob,
  readSmall: readSmallJob,
  readChunks: readChunksJob,
  cut: cutJob,
  writeSmall: writeSmallJob,
  openPart: openPartJob,
  fillPart: fillPartJob,
  finishPart: finishPartJob,
};

/** A job under way: its open questions, and whether it was called off. */
interface RunningJob {
  readonly answers: Map<number, PromiseWithResolvers<unknown>>;
  isAborted: boolean;
  questions: number;
}

/** The worker's side of the pool: jobs run side by side, taking turns wherever they wait. */
function serve(port: MessagePort, root: string): void {
  const running = new Map<number, RunningJob>();
  const post = (message: FromWorker, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, [...transfer]);

  async function start(id: number, name: JobName, input: unknown): Promise<void> {
    const job: RunningJob = { answers: new Map(), isAborted: false, questions: 0 };
    running.set(id, job);
    const transfer: ArrayBuffer[] = [];
    try {
      // The pool's types see to it that the input is that of the job.
      const handler = handlers[name] as JobHandler<JobShape>;
      const result = await handler(input, contextOf({ id, job, root, post, transfer }));
      post({ kind: "done", id, result }, transfer);
    } catch (error) {
      post({ kind: "failed", id, error: toWireError(toDiskError(error, "")) });
    } finally {
      running.delete(id);
    }
  }

  port.on("message", (message: ToWorker) => {
    if (message.kind === "start") {
      // Never rejects: failures are posted.
      start(message.id, message.job, message.input).catch(crash);
      return;
    }
    if (message.kind === "rest") {
      collectGarbage();
      return;
    }
    const job = running.get(message.id);
    if (message.kind === "answer") {
      job?.answers.get(message.question)?.resolve(message.answer);
      job?.answers.delete(message.question);
    } else if (job !== undefined) {
      abort(job);
    }
  });
}

function contextOf(of: {
  id: number;
  job: RunningJob;
  root: string;
  post: (message: FromWorker, transfer?: readonly ArrayBuffer[]) => void;
  transfer: ArrayBuffer[];
}): JobContext<JobShape> {
  const { id, job, root, post, transfer } = of;
  const check = (): void => {
    if (job.isAborted) throw new DiskError("failed", "", abortedDetail);
  };
  return {
    root,
    ask(body, given) {
      const question = ++job.questions;
      const answer = Promise.withResolvers<unknown>();
      if (job.isAborted) {
        answer.reject(new DiskError("failed", "", abortedDetail));
        return answer.promise;
      }
      job.answers.set(question, answer);
      post({ kind: "question", id, question, body }, given);
      return answer.promise;
    },
    giveAway: (buffer) => transfer.push(buffer),
    async breathe() {
      check();
      await new Promise<void>((resolve) => setImmediate(resolve));
      check();
    },
  };
}

function abort(job: RunningJob): void {
  job.isAborted = true;
  for (const { reject } of job.answers.values()) reject(new DiskError("failed", "", abortedDetail));
  job.answers.clear();
}

function crash(error: unknown): never {
  throw error;
}

if (parentPort !== null) serve(parentPort, workerData as string);

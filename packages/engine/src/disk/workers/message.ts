import type { WireError } from "../system-error.ts";
import type { JobName } from "./job-table.ts";

/** What is posted to a worker. */
export type ToWorker =
  | { readonly kind: "start"; readonly id: number; readonly job: JobName; readonly input: unknown }
  | { readonly kind: "answer"; readonly id: number; readonly question: number; readonly answer: unknown }
  | { readonly kind: "abort"; readonly id: number }
  /** Nothing is to be done for now: what the last jobs left is given back. */
  | { readonly kind: "rest" };

/** What a worker posts. */
export type FromWorker =
  | { readonly kind: "done"; readonly id: number; readonly result: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly error: WireError }
  | { readonly kind: "question"; readonly id: number; readonly question: number; readonly body: unknown };

/** The detail of the error with which an aborted job ends. */
export const abortedDetail = "the work was called off";

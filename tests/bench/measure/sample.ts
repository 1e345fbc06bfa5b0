import type { Usage } from "./meter.ts";

/** One measurement of one system, or that it could not be had. */
export interface Sample {
  readonly system: string;
  /** The row of the tables, such as `s8 cold restart`. */
  readonly row: string;
  /** From 1. */
  readonly run: number;
  /** From the change in A until B showed it; one number, but one for each edit where many were made. Empty: none came. */
  readonly timesMs: readonly number[];
  /** Set when it was not done in this time. */
  readonly notWithinMs?: number;
  /** What was used, until the system rested again. */
  readonly usage: Usage;
  /** What a reader of the figure should know. */
  readonly note?: string;
}

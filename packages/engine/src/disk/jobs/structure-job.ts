import { structureOperations, type StructureOperations } from "../structure/structure-operations.ts";
import { toDiskError, toWireError, type WireError } from "../system-error.ts";
import type { JobHandler, PlainJob } from "../workers/job.ts";

/** One operation: its name and its arguments. */
export type StructureCall = {
  readonly [Name in keyof StructureOperations]: {
    readonly operation: Name;
    readonly args: Parameters<StructureOperations[Name]>;
  };
}[keyof StructureOperations];

export type StructureOutcome = { readonly value?: unknown } | { readonly error: WireError };

/**
 * Operations one after the other, each with its outcome: one message there and back for all of them. As JSON of `StructureCall[]` and `StructureOutcome[]`,
 * which crosses threads in a fraction of the time that many small objects take.
 */
export type StructureJob = PlainJob<string, string>;

export const structureJob: JobHandler<StructureJob> = (calls, { root }) => {
  const operations = structureOperations(root);
  return JSON.stringify((JSON.parse(calls) as StructureCall[]).map((call) => perform(operations, call)));
};

function perform(operations: StructureOperations, call: StructureCall): StructureOutcome {
  try {
    const operation = operations[call.operation] as (...args: readonly unknown[]) => unknown;
    return { value: operation(...call.args) };
  } catch (error) {
    return { error: toWireError(toDiskError(error, pathOf(call))) };
  }
}

/** Which path a failure is told of: the one that the caller wanted something at. */
function pathOf(call: StructureCall): string {
  switch (call.operation) {
    case "move":
    case "place":
    case "placeLink":
      return call.args[1];
    case "stat":
    case "makeFolder":
    case "removeFile":
    case "removeFolder":
    case "setAttributes":
    case "removeTemporary":
      return call.args[0];
    case "discard":
      return call.args[0].path;
    case "rootIdentity":
    case "prepareRoot":
    case "nameRules":
    case "settle":
      return "";
  }
}

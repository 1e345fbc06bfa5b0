import { simulate, type Outcome } from "./simulate.ts";
import type { Operation } from "./work/operations.ts";

/** Lives that are tried to find a shorter one. */
const maxTries = 300;

/** Leaves out operations as long as what is left still fails, and answers with the shortest failing life that was found, with its trace. */
export async function shrink(failing: Outcome): Promise<Outcome> {
  let operations = failing.operations;
  const left = { tries: maxTries };
  const stillFails = async (shorter: readonly Operation[]): Promise<boolean> => {
    left.tries -= 1;
    const { failure } = await simulate({ seed: failing.seed, operations: shorter, keepTrace: false });
    return failure !== undefined;
  };
  for (let size = Math.ceil(operations.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    let from = 0;
    while (from < operations.length && left.tries > 0) {
      const shorter = operations.toSpliced(from, size);
      if (await stillFails(shorter)) operations = shorter;
      else from += size;
    }
  }
  return simulate({ seed: failing.seed, operations, keepTrace: true });
}

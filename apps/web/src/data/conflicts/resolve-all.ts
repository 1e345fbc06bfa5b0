import { ProblemError } from "@satchel/protocol";

/** What was resolved, and what stood in the way of the rest. */
export interface Resolved<Resolution> {
  readonly resolutions: readonly Resolution[];
  readonly failures: readonly unknown[];
}

/**
 * Resolves one after the other. What the server refuses leaves the others; anything else, as a connection that broke, would meet the others as well, and ends it. It never throws: what was resolved
 * before has to be known, so that it can be taken back.
 */
export async function resolveAll<Wish, Resolution>(
  wishes: readonly Wish[],
  resolve: (wish: Wish) => Promise<Resolution>,
): Promise<Resolved<Resolution>> {
  const resolutions: Resolution[] = [];
  const failures: unknown[] = [];
  for (const wish of wishes) {
    try {
      resolutions.push(await resolve(wish));
    } catch (error) {
      failures.push(error);
      if (!(error instanceof ProblemError)) break;
    }
  }
  return { resolutions, failures };
}

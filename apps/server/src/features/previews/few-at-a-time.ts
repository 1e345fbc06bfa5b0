import { ProblemError } from "@satchel/protocol";

/** Does so many things at once and has so many more wait. Who asks for a thing that is under way or waits is answered with it. @throws unavailable where too many wait */
export function createFewAtATime<Result>({
  maxAtOnce,
  maxWaiting,
}: {
  readonly maxAtOnce: number;
  readonly maxWaiting: number;
}) {
  const known = new Map<string, Promise<Result>>();
  const waiting: (() => void)[] = [];
  let free = maxAtOnce;

  async function inTurn(work: () => Promise<Result>): Promise<Result> {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  }

  return (key: string, work: () => Promise<Result>): Promise<Result> => {
    const same = known.get(key);
    if (same) return same;
    if (waiting.length >= maxWaiting)
      return Promise.reject(
        new ProblemError("unavailable", "too many pictures are being drawn; ask again in a moment"),
      );
    const result = inTurn(work).finally(() => known.delete(key));
    known.set(key, result);
    return result;
  };
}

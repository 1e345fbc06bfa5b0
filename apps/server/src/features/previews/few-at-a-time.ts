import { ProblemError, type AccountId } from "@satchel/protocol";

interface Bounds {
  readonly maxAtOnce: number;
  /** Of all accounts together. */
  readonly maxWaiting: number;
  /** Of one account: the rest is for others. */
  readonly maxWaitingEach: number;
}

/** Does so many things at once and has so many more wait. Accounts take turns, so that whoever asks for one thing doesn't wait for all that another has asked for. Who asks for a thing that is under way or waits is answered with it. @throws unavailable where too many wait */
export function createFewAtATime<Result>({ maxAtOnce, maxWaiting, maxWaitingEach }: Bounds) {
  const known = new Map<string, Promise<Result>>();
  /** In the order of turns: who had one goes to the end. */
  const waiting = new Map<AccountId, (() => void)[]>();
  let free = maxAtOnce;

  async function inTurn(account: AccountId, work: () => Promise<Result>): Promise<Result> {
    if (free > 0) free -= 1;
    else {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(account, [...(waiting.get(account) ?? []), resolve]);
      await promise;
    }
    try {
      return await work();
    } finally {
      const next = takeNext();
      if (next) next();
      else free += 1;
    }
  }

  function takeNext(): (() => void) | undefined {
    const [turn] = waiting;
    if (!turn) return undefined;
    const [account, [next, ...rest]] = turn;
    waiting.delete(account);
    if (rest.length > 0) waiting.set(account, rest);
    return next;
  }

  function isFull(account: AccountId): boolean {
    if ((waiting.get(account)?.length ?? 0) >= maxWaitingEach) return true;
    return waiting.values().reduce((sum, { length }) => sum + length, 0) >= maxWaiting;
  }

  return (key: string, account: AccountId, work: () => Promise<Result>): Promise<Result> => {
    const same = known.get(key);
    if (same) return same;
    if (isFull(account))
      return Promise.reject(
        new ProblemError("unavailable", "too many pictures are being drawn; ask again in a moment"),
      );
    const result = inTurn(account, work).finally(() => known.delete(key));
    known.set(key, result);
    return result;
  };
}

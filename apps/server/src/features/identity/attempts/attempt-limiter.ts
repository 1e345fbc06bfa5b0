import { ProblemError } from "@satchel/protocol";

/** Somebody who tries to prove that they are an account. */
export interface Attempt {
  /** What they try to be: an account's id, or a name that nobody has. */
  readonly subject: string;
  /** From where, one IPv4 address, or the /64 of an IPv6 address, which is what one household gets. */
  readonly network: string;
  /** They showed a mark that an earlier sign-in to this account left in their browser. */
  readonly isKnown: boolean;
}

interface Bucket {
  failures: number;
  lastAtMs: number;
}

/** After `free` failures each further one doubles the wait, up to `maxWaitMs`. */
interface Patience {
  readonly free: number;
  readonly maxWaitMs: number;
}

const firstWaitMs = 1000;
/** A bucket is empty when it was left alone for this long. */
const forgetAfterMs = 3600_000;
/** The most buckets that are kept; the ones left alone longest go first. */
const maxBuckets = 50_000;

/** One network trying one account. */
const ofPair: Patience = { free: 5, maxWaitMs: 15 * 60_000 };
/** One network trying many accounts; a household or a company may be behind it. */
const ofNetwork: Patience = { free: 30, maxWaitMs: 15 * 60_000 };
/** Many networks trying one account. Short, and only for those who never were in it: a stranger may slow other strangers down, and never lock the owner out. */
const ofStrangers: Patience = { free: 100, maxWaitMs: 30_000 };

export type AttemptLimiter = ReturnType<typeof createAttemptLimiter>;

/**
 * Slows guessing down, per account and network. It keeps what it knows in memory: a restart forgets failures, and processes don't share them, which multiplies a guesser's
 * chances by the number of processes and not more.
 */
export function createAttemptLimiter({ nowMs }: { readonly nowMs: () => number }) {
  const buckets = new Map<string, Bucket>();
  /** Networks from which an account was entered. */
  const homes = new Map<string, number>();

  function bucketsOf(attempt: Attempt): { readonly key: string; readonly patience: Patience }[] {
    const { subject, network } = attempt;
    const isHome = attempt.isKnown || homes.has(`${subject} ${network}`);
    return [
      { key: `pair ${subject} ${network} ${attempt.isKnown}`, patience: ofPair },
      ...(attempt.isKnown ? [] : [{ key: `network ${network}`, patience: ofNetwork }]),
      ...(isHome ? [] : [{ key: `strangers ${subject}`, patience: ofStrangers }]),
    ];
  }

  function waitOf({ key, patience }: { key: string; patience: Patience }): number {
    const bucket = buckets.get(key);
    if (!bucket || bucket.failures < patience.free) return 0;
    const waitMs = Math.min(patience.maxWaitMs, firstWaitMs * 2 ** (bucket.failures - patience.free));
    return Math.max(0, bucket.lastAtMs + waitMs - nowMs());
  }

  function countFailure(key: string): void {
    const bucket = buckets.get(key);
    const isForgotten = !bucket || bucket.lastAtMs + forgetAfterMs < nowMs();
    buckets.delete(key);
    buckets.set(key, { failures: isForgotten ? 1 : bucket.failures + 1, lastAtMs: nowMs() });
    if (buckets.size > maxBuckets) forgetOldest(buckets);
  }

  return {
    /**
     * Call it before the proof is looked at: a failure is counted at once, so that many tries at the same time don't slip through, and taken back by {@link succeeded}.
     * @throws too_many_requests, with the time to wait
     */
    begin(attempt: Attempt): void {
      const waitMs = Math.max(...bucketsOf(attempt).map(waitOf));
      if (waitMs > 0)
        throw new ProblemError("too_many_requests", "too many wrong attempts: wait a moment, then try again", {
          retryAfterSeconds: Math.ceil(waitMs / 1000),
        });
      for (const { key } of bucketsOf(attempt)) countFailure(key);
    },
    /** Something that anybody can have done to somebody else, such as a mail to an address: a few times, then slower and slower. @throws too_many_requests */
    ration(what: string): void {
      const bucket = { key: `ration ${what}`, patience: ofPair };
      const waitMs = waitOf(bucket);
      if (waitMs > 0)
        throw new ProblemError("too_many_requests", "this was asked for too often: wait a moment, then try again", {
          retryAfterSeconds: Math.ceil(waitMs / 1000),
        });
      countFailure(bucket.key);
    },
    /** It was them. */
    succeeded(attempt: Attempt): void {
      for (const { key } of bucketsOf(attempt)) {
        const bucket = buckets.get(key);
        if (key.startsWith("pair ")) buckets.delete(key);
        else if (bucket) bucket.failures = Math.max(0, bucket.failures - 1);
      }
      homes.set(`${attempt.subject} ${attempt.network}`, nowMs());
      if (homes.size > maxBuckets) forgetOldest(homes);
    },
  };
}

function forgetOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

import { createHmac } from "node:crypto";
import { ProblemError, type AccountId } from "@satchel/protocol";
import type { AttemptCounter, AttemptStore } from "../../../storage/metadata/attempt-store.ts";

/** Somebody who tries to prove that they are an account. */
export interface Attempt {
  /** What they try to be: an account's id, or a name that nobody has. */
  readonly subject: string;
  /** From where, one IPv4 address, or the /64 of an IPv6 address, which is what one household gets. */
  readonly network: string;
  /** They showed a mark that an earlier sign-in to this account left in their browser. */
  readonly isKnown: boolean;
}

/** After `free` failures each further one doubles the wait, up to `maxWaitMs`. */
interface Patience {
  readonly free: number;
  readonly maxWaitMs: number;
}

const firstWaitMs = 1000;
/** A counter is empty when it was left alone for this long. */
const forgetAfterMs = 3600_000;

/** One network trying one account. */
const ofPair: Patience = { free: 5, maxWaitMs: 15 * 60_000 };
/** One network trying many accounts; a household or a company may be behind it. */
const ofNetwork: Patience = { free: 30, maxWaitMs: 15 * 60_000 };
/** Many networks trying one account. Short, and only for those who never were in it: a stranger may slow other strangers down, and never lock the owner out. */
const ofStrangers: Patience = { free: 100, maxWaitMs: 30_000 };

export type AttemptLimiter = ReturnType<typeof createAttemptLimiter>;

interface AttemptLimiterParts {
  readonly store: AttemptStore;
  /** Names counters: what somebody typed, and from where, is in no database. */
  readonly key: Uint8Array;
  /** What is tried here is counted apart from what is tried elsewhere. */
  readonly realm: "sign_in" | "links";
  readonly nowMs: () => number;
}

/** Slows guessing down, per account and network. It counts in the database: restarts forget nothing, and all servers count together. */
export function createAttemptLimiter({ store, key, realm, nowMs }: AttemptLimiterParts) {
  const nameOf = (text: string): string => createHmac("sha256", key).update(`${realm} ${text}`).digest("base64url");
  const counterOf = (text: string, patience: Patience): AttemptCounter => ({
    key: nameOf(text),
    firstWaitMs,
    ...patience,
  });
  const ofThePair = ({ subject, network, isKnown }: Attempt): AttemptCounter =>
    counterOf(`pair ${subject} ${network} ${isKnown}`, ofPair);
  const ofTheOthers = ({ subject, network, isKnown }: Attempt, isHome: boolean): AttemptCounter[] => [
    ...(isKnown ? [] : [counterOf(`network ${network}`, ofNetwork)]),
    ...(isKnown || isHome ? [] : [counterOf(`strangers ${subject}`, ofStrangers)]),
  ];
  const homeOf = ({ subject, network }: Attempt): string => nameOf(`home ${subject} ${network}`);

  async function count(counters: readonly AttemptCounter[], detail: string): Promise<void> {
    const waitMs = await store.count({ counters, forgetAfterMs, nowMs: nowMs() });
    if (waitMs > 0)
      throw new ProblemError("too_many_requests", detail, { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }

  return {
    /**
     * Call it before the proof is looked at: a failure is counted at once, so that many tries at the same time don't slip through, and taken back by {@link succeeded}.
     * @throws too_many_requests, with the time to wait
     */
    async begin(attempt: Attempt): Promise<void> {
      const isHome = await store.isKnown(homeOf(attempt));
      const counters = [ofThePair(attempt), ...ofTheOthers(attempt, isHome)];
      await count(counters, "too many wrong attempts: wait a moment, then try again");
    },
    /** Something that anybody can have done to somebody else, such as a mail to an address: a few times, then slower and slower. @throws too_many_requests */
    ration: (what: string): Promise<void> =>
      count([counterOf(`ration ${what}`, ofPair)], "this was asked for too often: wait a moment, then try again"),
    /** Is this told once more? True for the first time in an hour, however many servers ask. */
    isFirstInHour: async (what: string): Promise<boolean> => {
      const once = { key: nameOf(`told ${what}`), free: 1, firstWaitMs: forgetAfterMs, maxWaitMs: forgetAfterMs };
      return (await store.count({ counters: [once], forgetAfterMs, nowMs: nowMs() })) === 0;
    },
    /** It was them: `accountId`, where the subject is an account. */
    async succeeded(attempt: Attempt, accountId: AccountId | null): Promise<void> {
      const home = homeOf(attempt);
      const others = ofTheOthers(attempt, await store.isKnown(home));
      await store.takeBack({
        clear: [ofThePair(attempt).key],
        lessen: others.map((counter) => counter.key),
        network: { key: home, accountId },
        nowMs: nowMs(),
      });
    },
  };
}

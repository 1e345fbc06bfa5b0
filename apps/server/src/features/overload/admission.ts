import { ProblemError } from "@satchel/protocol";

/** What goes on longest when a server has too much to do: saves, before what people look at, before what adorns it. */
export const priorities = ["commit", "listing", "extra"] as const;
export type Priority = (typeof priorities)[number];

/**
 * Of the requests that may be in hand at once, how many there may be before one of a kind is sent away. A server that answers 2,000 requests a second keeps who reads waiting for a quarter of a second at most with 512 in hand; whoever saves goes on until all room is taken.
 */
const shares: Readonly<Record<Priority, number>> = { commit: 1, listing: 1 / 4, extra: 1 / 16 };

/** Whoever is sent away comes back after one to so many seconds, each another time: together they would be too many again. */
const maxRetrySeconds = 8;

export interface Admission {
  /** @throws unavailable, with a time to come back, when a request of this kind has to wait for better times */
  admit(priority: Priority): void;
  /** A request is in hand, until what this returns is called; calling it again does nothing. */
  begin(): () => void;
}

export interface AdmissionOptions {
  /** The most requests in hand: being carried out, with all of them that came and none of their answer under way. */
  readonly maxInHand: number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly onChange: (inHand: number) => void;
  readonly onShed: (priority: Priority) => void;
}

/**
 * Sends requests away while there is too much to do, by their priority. What is measured is the line of requests in hand: it grows whatever is slow, processor, disk or database, and a store that is away fills it within seconds, after which answers are prompt again. (Load shedding by priority, as in Google's *Site
 * Reliability Engineering*, chapter 21.)
 */
export function createAdmission({ maxInHand, random, onChange, onShed }: AdmissionOptions): Admission {
  let inHand = 0;
  return {
    admit(priority) {
      if (inHand < maxInHand * shares[priority]) return;
      onShed(priority);
      const retryAfterSeconds = 1 + Math.floor(random() * maxRetrySeconds);
      throw new ProblemError("unavailable", "the server has too much to do", { retryAfterSeconds });
    },
    begin() {
      onChange((inHand += 1));
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        onChange((inHand -= 1));
      };
    },
  };
}

import type { AccountId } from "@satchel/protocol";

/** A message that waits, or was given up. */
export interface QueuedMail {
  readonly id: string;
  /** Whom it is about; null where there is no account. Erasing the account takes it away. */
  readonly accountId: AccountId | null;
  /** What it says, and to whom. The store can't read it. */
  readonly sealed: string;
  /** How often it was taken. */
  readonly tries: number;
  readonly createdAtMs: number;
  /** When it may be taken next; null once it was given up. */
  readonly dueAtMs: number | null;
}

/** Messages that outlive the process that took them on. Any number of processes may work on it. */
export interface MailQueueStore {
  /** Due at once. Answers false, and keeps nothing, where `maxWaiting` wait already. */
  add(mail: Pick<QueuedMail, "id" | "accountId" | "sealed" | "createdAtMs">, maxWaiting: number): Promise<boolean>;
  /** The one that has been due longest. Nobody gets it again before `leaseMs` are over: whoever took it says in that time what became of it. */
  take(request: { nowMs: number; leaseMs: number }): Promise<QueuedMail | undefined>;
  /** It was delivered: nothing of it stays. */
  remove(id: string): Promise<void>;
  /** It is due again then; at null, never. */
  putOff(id: string, change: Pick<QueuedMail, "sealed" | "dueAtMs">): Promise<void>;
  /** When the next one is due; undefined when none waits. */
  nextDueMs(): Promise<number | undefined>;
  /** Waiting and given up, the newest first. */
  list(limit: number): Promise<QueuedMail[]>;
  counts(): Promise<MailCounts>;
}

export interface MailCounts {
  readonly waiting: number;
  readonly givenUp: number;
}

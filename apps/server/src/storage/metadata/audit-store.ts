import type { AccountId } from "@satchel/protocol";

/** A record as it is kept. Its hash covers the one before it, so that none can be changed, left out or put in between unnoticed. */
export interface AuditRow {
  /** 1, 2, 3 …, without a gap. */
  readonly sequence: number;
  readonly atMs: number;
  /** Whom it is about, who may see it; null where nobody is known, or when it was erased. */
  readonly accountId: AccountId | null;
  /** What happened, as JSON; null when it was erased with its account. */
  readonly body: string | null;
  /** SHA-256 of the body, in hex: what is chained, so that erasing a body doesn't break the chain. */
  readonly bodyHash: string;
  /** HMAC-SHA-256 over the record before, the sequence, the time and the body's hash, in hex. */
  readonly recordHash: string;
}

/** Where the chain begins and ends, sealed by an HMAC, so that cutting off either end shows. */
export interface AuditChain {
  /** The last record that was pruned, with its hash; 0 and empty for none. */
  readonly prunedSequence: number;
  readonly prunedHash: string;
  readonly lastSequence: number;
  readonly lastHash: string;
  readonly seal: string;
}

export interface NewAuditRecord {
  readonly atMs: number;
  readonly accountId: AccountId | null;
  readonly body: string;
}

/** The server's audit log: one chain of records, to which only the end is added and of which only the beginning is pruned. `key` seals it; whoever has only the database can't forge it. */
export interface AuditStore {
  append(records: readonly NewAuditRecord[], key: Uint8Array): Promise<void>;
  /** Newest first, those before `before`; of one account or of all, and of one action or of all. */
  list(query: {
    accountId: AccountId | undefined;
    action?: string | undefined;
    before: number | undefined;
    limit: number;
  }): Promise<AuditRow[]>;
  /** Oldest first, those after `after`, with the chain as of the same moment; undefined while nothing was ever recorded. */
  readChain(query: {
    after: number | undefined;
    limit: number;
  }): Promise<{ chain: AuditChain; rows: AuditRow[] } | undefined>;
  /** Removes records from before `beforeMs`, from the chain's beginning on, at most `limit`. Answers how many. */
  prune(request: { beforeMs: number; limit: number; key: Uint8Array }): Promise<number>;
  /** Takes away what the records about an account say; that there were records stays. Answers how many. */
  erase(accountId: AccountId): Promise<number>;
}

import type { EntryId } from "@satchel/protocol";

/** What is kept of a live session: a record of all that it was, and the updates that came since, in order. The store can't read either. */
export interface KeptLiveSession {
  /** Undefined for one that was taken and never saved. */
  readonly sealed: string | undefined;
  readonly updates: readonly KeptLiveUpdate[];
}

export interface KeptLiveUpdate {
  /** From 1, and higher with each. */
  readonly nth: number;
  readonly sealed: string;
}

/**
 * Live sessions that outlive the process that holds them. One process holds a session at a time, by a lease; each change names the holder, so that one whose lease was taken by another changes nothing. Sessions
 * that nobody touched for a while are dropped by maintenance's `dropExpired`.
 */
export interface LiveStore {
  /** Takes the session of a file, or prolongs it. Undefined while another process has it. */
  take(request: LiveHold & { readonly nowMs: number; readonly forMs: number }): Promise<KeptLiveSession | undefined>;
  /** Prolongs the hold without reading anything. False when it is lost. */
  prolong(request: LiveHold & { readonly nowMs: number; readonly forMs: number }): Promise<boolean>;
  /** Keeps an update for good. False, and nothing is kept, when the hold is lost. */
  append(hold: LiveHold, update: KeptLiveUpdate): Promise<boolean>;
  /** Replaces the record, and drops the updates up to `through`, which are in it. False when the hold is lost. */
  save(
    hold: LiveHold,
    record: { readonly sealed: string; readonly through: number; readonly nowMs: number },
  ): Promise<boolean>;
  /** Lets others have it; what is kept stays. */
  release(hold: LiveHold): Promise<void>;
  /** Files whose sessions were never let go, and whose holder's time is over: what was typed last may be in no version. */
  listForsaken(query: { readonly nowMs: number; readonly limit: number }): Promise<EntryId[]>;
  /** Nothing of the session stays, if it is still held. */
  remove(hold: LiveHold): Promise<void>;
}

export interface LiveHold {
  readonly fileId: EntryId;
  /** The same for all that one process does. */
  readonly holder: string;
}

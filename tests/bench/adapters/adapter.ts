/** The folders of one session; all exist and are empty at first. */
export interface Place {
  /** The folder that changes. */
  readonly a: string;
  /** The folder that follows. */
  readonly b: string;
  /** For databases, settings and logs. */
  readonly state: string;
}

/** What was done in A, for systems that are told. Paths are relative to the folder. */
export type Change =
  | { readonly kind: "write"; readonly path: string }
  | { readonly kind: "move"; readonly path: string; readonly to: string }
  | { readonly kind: "remove"; readonly path: string };

/** A program that keeps two folders the same, at work on one pair. */
export interface Adapter {
  /** Starts what must run. It may be called again after `stop`, and then finds its state. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The processes that were started; their children are found by themselves. */
  pids(): number[];
  /** Only for systems that see no change by themselves: brings it to B, and returns when that is done. */
  propagate?(change: Change): Promise<void>;
  /** Names in the top of A and B that are the system's own. */
  readonly ownNames: readonly string[];
}

/** A kind of program that can be measured. */
export interface System {
  readonly name: string;
  /** Version and settings that matter, for the report; undefined if it is not installed. */
  describe(): Promise<string | undefined>;
  open(place: Place): Adapter;
}

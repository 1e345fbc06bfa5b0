/** Which of several processes does a job. A lease always ends, so that a process that died holds nothing up for ever. */
export interface LeaseStore {
  /** Takes the lease, or prolongs one that `holder` has. False while somebody else has it. */
  take(request: LeaseRequest): Promise<boolean>;
  /** Nothing happens when the holder hasn't got it. */
  release(lease: { readonly name: string; readonly holder: string }): Promise<void>;
}

export interface LeaseRequest {
  readonly name: string;
  /** The same for all requests of one process. */
  readonly holder: string;
  readonly nowMs: number;
  readonly forMs: number;
}

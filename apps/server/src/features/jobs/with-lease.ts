import type { Host } from "../../host.ts";
import type { LeaseStore } from "../../storage/metadata/lease-store.ts";

export interface LeaseParts {
  readonly leases: LeaseStore;
  readonly host: Pick<Host, "nowMs">;
  /** The same after a restart, so that a process that died goes on with what was its. */
  readonly holder: string;
}

/** A job that one process at a time does. Whoever did it last goes on doing it while it comes back within `forMs`. */
export function withLease({ leases, host, holder }: LeaseParts, { name, forMs }: { name: string; forMs: number }) {
  return {
    /** Does the job, if it is this process's; undefined when it is another's. */
    async run<Result>(job: () => Promise<Result>): Promise<Result | undefined> {
      const isMine = await leases.take({ name, holder, nowMs: host.nowMs(), forMs });
      return isMine ? job() : undefined;
    },
    release: () => leases.release({ name, holder }),
  };
}

export type Lease = ReturnType<typeof withLease>;

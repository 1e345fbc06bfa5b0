import type { Host } from "../../host.ts";
import type { JobRoundStore } from "../../storage/metadata/job-round-store.ts";

/** Of what a round failed of, so much is kept. */
const maxErrorLength = 300;

export interface RoundRecord {
  readonly store: JobRoundStore;
  /** By which people know the job, for ever. */
  readonly name: string;
}

/** Does one round, and writes down that it goes on, how it ended, and when the next is due. @throws what the round throws */
export async function recordedRound(
  { store, name }: RoundRecord,
  { host, everyMs }: { readonly host: Pick<Host, "nowMs">; readonly everyMs: number },
  round: () => Promise<void>,
): Promise<void> {
  const beganAtMs = host.nowMs();
  const end = async (error: string | null): Promise<void> => {
    const endedAtMs = host.nowMs();
    await store.end({ name, beganAtMs, endedAtMs, error, dueAtMs: endedAtMs + everyMs });
  };
  await store.begin({ name, beganAtMs });
  try {
    await round();
  } catch (error) {
    await end((error instanceof Error ? error.message : String(error)).slice(0, maxErrorLength));
    throw error;
  }
  await end(null);
}

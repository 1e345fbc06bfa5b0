import { formatTimestamp, type AdminJobs } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { Actor } from "../administration/administration.ts";
import type { Audit } from "../audit/audit.ts";

/** Jobs whose rounds are recorded, each with whether it is shown before its first one: some run only where they are set up. */
const jobNames = { retention: true, signatures: false } as const;
/** The most tasks that were given up which are told one by one. */
const maxGivenUp = 100;

interface BackgroundWorkParts {
  readonly metadata: Pick<MetadataStore, "jobRounds" | "tasks" | "mail">;
  readonly audit: Audit;
  readonly host: Pick<Host, "nowMs">;
}

/** What the server does without being asked, as administrators see it. */
export function createBackgroundWork({ metadata: { jobRounds, tasks, mail }, audit, host }: BackgroundWorkParts) {
  return {
    async look(): Promise<AdminJobs> {
      const [rounds, counts, listed, mails] = await Promise.all([
        jobRounds.list(),
        tasks.counts(),
        tasks.list(maxGivenUp),
        mail.counts(),
      ]);
      return {
        jobs: Object.entries(jobNames).flatMap(([name, isAlwaysShown]) => {
          const round = rounds.find((one) => one.name === name);
          if (!round && !isAlwaysShown) return [];
          return {
            name,
            began: timeOf(round?.beganAtMs),
            ended: timeOf(round?.endedAtMs),
            next: timeOf(round?.dueAtMs),
            error: round?.error ?? null,
          };
        }),
        tasks: counts.map(({ kind, waiting, running, givenUp }) => ({ kind, waiting, running, given_up: givenUp })),
        given_up: listed
          .filter(({ dueAtMs }) => dueAtMs === null)
          .map(({ kind, attempts, addedAtMs, error }) => ({
            kind,
            attempts,
            added: formatTimestamp(addedAtMs),
            error: error ?? "",
          })),
        mail: { waiting: mails.waiting, given_up: mails.givenUp },
      };
    },
    /** Has tasks that were given up done after all, of one kind or of all; answers how many. Processes find them within a minute. */
    async retry(actor: Actor, kind: string | undefined): Promise<number> {
      const count = await tasks.retry({ kind, nowMs: host.nowMs() });
      const detail = { count, kind: kind ?? null };
      if (count > 0) await audit.record({ action: "tasks_retried", accountId: null, actor: actor.accountId, detail });
      return count;
    },
  };
}

function timeOf(atMs: number | null | undefined): string | null {
  return atMs == null ? null : formatTimestamp(atMs);
}

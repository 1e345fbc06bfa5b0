import type { ReactNode } from "react";
import { CircleAlert, CircleCheck, Clock, ListTodo, Mail, TriangleAlert } from "lucide-react";
import { Toast } from "@base-ui/react/toast";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { AdminJobs } from "@satchel/protocol";
import { useAdminCalls } from "../../data/admin-calls.ts";
import { useAdminWords } from "../../words/admin/use-admin-words.ts";
import { formatInstantFully } from "../../words/format.ts";
import { Loaded } from "../pane/loaded.tsx";
import { NoRows, Row, Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";

/** How often it is looked again while the page is open. */
const lookEveryMs = 5000;
const queryKey = ["admin", "jobs"];

/** What the server does without being asked: what came round when, what waits, and what was given up. */
export function JobsSection(): ReactNode {
  const { t } = useAdminWords();
  const calls = useAdminCalls();
  const jobs = useQuery({ queryKey, queryFn: ({ signal }) => calls.jobs({ signal }), refetchInterval: lookEveryMs });
  return (
    <>
      <Section title={t("jobs.upkeep")} lead={t("jobs.upkeepLead")}>
        <Loaded query={jobs}>{(found) => <Upkeep jobs={found} />}</Loaded>
      </Section>
      <Section title={t("jobs.tasks")} lead={t("jobs.tasksLead")}>
        <Loaded query={jobs}>{(found) => <Tasks jobs={found} />}</Loaded>
      </Section>
    </>
  );
}

function Upkeep({ jobs: { jobs, mail } }: { readonly jobs: AdminJobs }): ReactNode {
  const { t } = useAdminWords();
  return (
    <Rows label={t("jobs.upkeep")}>
      {jobs.map((job) => (
        <JobRow key={job.name} job={job} />
      ))}
      <Row
        icon={Mail}
        title={t("jobs.mail")}
        facts={[
          t("jobs.waiting", { count: mail.waiting }),
          mail.given_up > 0 ? t("jobs.givenUp", { count: mail.given_up }) : undefined,
        ]}
      />
    </Rows>
  );
}

function JobRow({ job }: { readonly job: AdminJobs["jobs"][number] }): ReactNode {
  const { t, i18n } = useAdminWords();
  const { name, began, ended, next, error } = job;
  const time = (instant: string): string => formatInstantFully(instant, i18n.language);
  const title = name === "retention" || name === "signatures" ? t(`jobs.${name}`) : name;
  if (began === null) return <Row icon={Clock} title={title} facts={[t("jobs.never")]} />;
  return (
    <Row
      icon={error !== null ? CircleAlert : ended === null ? Clock : CircleCheck}
      title={title}
      badge={error === null ? undefined : t("jobs.failed")}
      facts={[
        ended === null ? t("jobs.going", { time: time(began) }) : t("jobs.last", { time: time(ended) }),
        next === null ? undefined : t("jobs.next", { time: time(next) }),
        error ?? undefined,
      ]}
    />
  );
}

function Tasks({ jobs: { tasks, given_up: givenUp } }: { readonly jobs: AdminJobs }): ReactNode {
  const { t, i18n } = useAdminWords();
  const { retry, isRetrying } = useRetry();
  if (tasks.length === 0) return <NoRows>{t("jobs.none")}</NoRows>;
  return (
    <>
      <Rows label={t("jobs.tasks")}>
        {tasks.map(({ kind, waiting, running, given_up: failed }) => (
          <Row
            key={kind}
            icon={ListTodo}
            title={kind}
            facts={[
              t("jobs.waiting", { count: waiting }),
              running > 0 ? t("jobs.running", { count: running }) : undefined,
              failed > 0 ? t("jobs.givenUp", { count: failed }) : undefined,
            ]}
          />
        ))}
        {givenUp.map(({ kind, added, attempts, error }, nth) => (
          <Row
            // They have no names of their own, and are replaced all at once.
            key={nth}
            icon={TriangleAlert}
            title={kind}
            badge={t("jobs.failed")}
            facts={[
              error,
              t("jobs.tries", { count: attempts }),
              t("jobs.since", { time: formatInstantFully(added, i18n.language) }),
            ]}
          />
        ))}
      </Rows>
      {givenUp.length > 0 ? (
        <button type="button" className="button" onClick={retry} disabled={isRetrying}>
          {t("jobs.retry")}
        </button>
      ) : null}
    </>
  );
}

function useRetry(): { readonly retry: () => void; readonly isRetrying: boolean } {
  const { t } = useAdminWords();
  const calls = useAdminCalls();
  const queries = useQueryClient();
  const { add } = Toast.useToastManager();
  const { mutate, isPending } = useMutation({
    mutationFn: () => calls.retryTasks(),
    onSuccess: (count) => add({ title: t("jobs.retried", { count }) }),
    onError: () => add({ type: "error", title: t("jobs.notRetried") }),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  return { retry: () => mutate(), isRetrying: isPending };
}

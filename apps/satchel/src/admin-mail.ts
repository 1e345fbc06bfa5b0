import { formatTable, printable } from "@satchel/cli";
import type { CommandContext } from "@satchel/cli";
import * as server from "@satchel/server";
import type { KeptMailSummary } from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { storeConfig, type StoreOptions } from "./store-config.ts";

/** `satchel admin mail` */
export function mail(context: CommandContext, options: StoreOptions): Promise<void> {
  return explainServerErrors(async () => {
    const mails = await server.listMail(storeConfig(context, options));
    const { terminal } = context;
    if (options.json) return terminal.print(JSON.stringify(mails.map(plainMail)));
    if (mails.length === 0) return terminal.note("No message waits, and none was given up in the last 7 days.");
    for (const line of formatTable(columns, mails)) terminal.print(line);
  });
}

function plainMail({ to, subject, createdAtMs, dueAtMs, tries, reason }: KeptMailSummary): object {
  const next = dueAtMs === null ? null : instant(dueAtMs);
  return { to, subject, created: instant(createdAtMs), state: stateOf(dueAtMs), next_try: next, tries, reason };
}

const instant = (atMs: number): string => new Date(atMs).toISOString();
const stateOf = (dueAtMs: number | null): string => (dueAtMs === null ? "given up" : "waiting");

const columns = [
  { title: "CREATED", value: ({ createdAtMs }: KeptMailSummary) => instant(createdAtMs) },
  { title: "STATE", value: ({ dueAtMs }: KeptMailSummary) => stateOf(dueAtMs) },
  { title: "TRIES", align: "right", value: ({ tries }: KeptMailSummary) => String(tries) },
  { title: "TO", value: ({ to }: KeptMailSummary) => printable(to) },
  { title: "SUBJECT", value: ({ subject }: KeptMailSummary) => printable(subject) },
  { title: "", value: ({ reason }: KeptMailSummary) => printable(reason ?? "") },
] as const;

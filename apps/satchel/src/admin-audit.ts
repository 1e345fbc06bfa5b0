import { printable } from "@satchel/cli";
import type { CommandContext } from "@satchel/cli";
import * as server from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { storeConfig, type StoreOptions } from "./store-config.ts";

export interface AuditOptions extends StoreOptions {
  readonly user?: string;
}

type AuditRecord = Awaited<ReturnType<typeof server.readAudit>> extends AsyncGenerator<(infer One)[]> ? One : never;

/** `satchel admin audit`: newest first; with `--json`, one record a line. */
export function audit(context: CommandContext, options: AuditOptions): Promise<void> {
  return explainServerErrors(async () => {
    const { terminal, env } = context;
    const config = storeConfig({ env }, options);
    for await (const page of server.readAudit(config, options.user)) {
      for (const record of page) terminal.print(options.json ? JSON.stringify(record) : describe(record));
    }
  });
}

/** Such as `2026-11-23T02:00:00.000Z  a1b2  signed a device in (method=password) from 192.0.2.1`. */
function describe(record: AuditRecord): string {
  const { at, action, account_id: account, address, detail } = record;
  const what = (server.auditActions as Readonly<Record<string, string>>)[action] ?? action;
  const details = Object.entries(detail).map(([name, value]) => `${name}=${String(value)}`);
  const more = details.length > 0 ? ` (${details.join(", ")})` : "";
  return printable(`${at}  ${account ?? "-"}  ${what}${more}${address === null ? "" : ` from ${address}`}`);
}

import type { Audit } from "../features/audit/audit.ts";
import type { Mailer } from "../features/mail/mailer.ts";
import { scanTasks, type ScanParts } from "../features/malware/scan-tasks.ts";
import { createFindingTeller } from "../features/malware/tell-finding.ts";
import type { Notices } from "../features/notices/notices.ts";
import type { TaskKind } from "../features/tasks/task-kind.ts";
import type { ServerCoreParts } from "../server-core.ts";

const noMail: Mailer = { async send() {}, async close() {} };

/** What looks for malware, where there is something that can. */
export function openScanTasks(
  { malware, metadata, bus, host, mail = noMail }: ServerCoreParts,
  {
    audit,
    notices,
    ...rest
  }: Pick<ScanParts, "transfer" | "count"> & { readonly audit: Audit; readonly notices: Notices },
): TaskKind | undefined {
  if (!malware) return undefined;
  const tell = createFindingTeller({ metadata, audit, notices, mail, host });
  return scanTasks({ ...malware, ...rest, metadata, bus, host, tell });
}

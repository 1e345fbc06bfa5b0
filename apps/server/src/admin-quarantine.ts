import { ProblemError, type QuarantinedItem } from "@satchel/protocol";
import type { ServerConfig } from "./config.ts";
import { createQuarantine, type Quarantine } from "./features/malware/quarantine.ts";
import { openAudit } from "./open-audit.ts";
import { createInProcessBus } from "./storage/bus/in-process-bus.ts";
import { systemHost } from "./system-host.ts";
import { withMetadata } from "./with-metadata.ts";

export type { QuarantinedItem as QuarantineItem } from "@satchel/protocol";

/** The most that are told of, and looked through for one. */
const maxListed = 10_000;

/** Versions in which malware was found, the latest finding first. Beside a running server or without one; so for the other. */
export function listQuarantine(config: ServerConfig): Promise<readonly QuarantinedItem[]> {
  return withQuarantine(config, listAll);
}

/** Lets the content of a version out, for all of its workspace. @throws not_found where no such version is held */
export function allowQuarantined(config: ServerConfig, version: string): Promise<void> {
  return withQuarantine(config, async (quarantine) => {
    const item = (await listAll(quarantine)).find((one) => one.version_id === version);
    if (!item) throw new ProblemError("not_found", "no such version is held");
    await quarantine.allow({ workspaceId: item.workspace_id, versionId: item.version_id }, null);
  });
}

function withQuarantine<T>(config: ServerConfig, use: (quarantine: Quarantine) => Promise<T>): Promise<T> {
  return withMetadata(config, async (metadata) => {
    const audit = await openAudit(config, metadata);
    // A running server finds out by itself, within seconds.
    const bus = createInProcessBus({ onListenerError: () => {} });
    return use(createQuarantine({ metadata, audit, bus, host: systemHost }));
  });
}

async function listAll(quarantine: Quarantine): Promise<QuarantinedItem[]> {
  const items: QuarantinedItem[] = [];
  for (let cursor: string | undefined; items.length < maxListed;) {
    const page = await quarantine.list({ cursor, limit: undefined });
    items.push(...page.items);
    if (page.cursor === null) break;
    ({ cursor } = page);
  }
  return items;
}

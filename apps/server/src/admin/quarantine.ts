import { ProblemError, type QuarantinePage, type VersionId } from "@satchel/protocol";
import type { ServerConfig } from "../config/config.ts";
import { createQuarantine, type Quarantine } from "../features/malware/quarantine.ts";
import { openAudit } from "../start/open-audit.ts";
import { createInProcessBus } from "../storage/bus/in-process-bus.ts";
import type { MetadataStore } from "../storage/metadata/metadata-store.ts";
import { systemHost } from "../system-host.ts";
import { withMetadata } from "./with-metadata.ts";

export type { QuarantinedItem as QuarantineItem } from "@satchel/protocol";

/** Versions in which malware was found, the latest finding first, one page of them. Beside a running server or without one; so for the other. @throws bad_cursor */
export function listQuarantine(config: ServerConfig, cursor: string | undefined): Promise<QuarantinePage> {
  return withQuarantine(config, (quarantine) => quarantine.list({ cursor, limit: undefined }));
}

/** Lets the content of a version out, for all of its workspace. @throws not_found where no such version is held */
export function allowQuarantined(config: ServerConfig, version: string): Promise<void> {
  return withQuarantine(config, async (quarantine, { scans }) => {
    const found = await scans.findFinding(version as VersionId);
    if (!found) throw new ProblemError("not_found", "no such version is held");
    await quarantine.allow(found, null);
  });
}

function withQuarantine<T>(
  config: ServerConfig,
  use: (quarantine: Quarantine, metadata: MetadataStore) => Promise<T>,
): Promise<T> {
  return withMetadata(config, async (metadata) => {
    const audit = await openAudit(config, metadata);
    // A running server finds out by itself, within seconds.
    const bus = createInProcessBus({ onListenerError: () => {} });
    return use(createQuarantine({ metadata, audit, bus, host: systemHost }), metadata);
  });
}

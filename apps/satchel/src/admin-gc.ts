import { formatSize } from "@satchel/cli";
import type { CommandContext } from "@satchel/cli";
import * as server from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { storeConfig, type StoreOptions } from "./store-config.ts";

export interface GarbageOptions extends StoreOptions {
  readonly dryRun?: boolean;
}

/** `satchel admin gc [--dry-run]` */
export function collect(context: CommandContext, options: GarbageOptions): Promise<void> {
  return explainServerErrors(async () => {
    const { terminal } = context;
    const config = storeConfig(context, options);
    if (options.dryRun) {
      const garbage = await server.readGarbage(config);
      if (options.json) return terminal.print(JSON.stringify(garbage));
      const { unheldChunks, unheldBytes, storedChunks, storedBytes } = garbage;
      return terminal.print(
        `Nobody holds ${unheldChunks} of ${storedChunks} chunks (${formatSize(unheldBytes)} of ${formatSize(storedBytes)}). A running server removes what it finds so in two rounds.`,
      );
    }
    const report = await server.collectGarbage(config);
    if (options.json) return terminal.print(JSON.stringify(report));
    const { prunedVersions, prunedEntries, collectedChunks, freedBytes } = report;
    terminal.print(
      `Removed ${prunedVersions} old versions, ${prunedEntries} deleted entries and ${collectedChunks} chunks: ${formatSize(freedBytes)} are free.`,
    );
  });
}

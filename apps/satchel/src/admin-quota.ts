import { formatSize, formatTable, parseSize } from "@satchel/cli";
import type { CommandContext } from "@satchel/cli";
import * as server from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { storeConfig, type StoreOptions } from "./store-config.ts";

/** `satchel admin user quota NAME [SIZE|none]`: sets the limit, if there is one to set, and shows what the account uses. */
export function quota(
  context: CommandContext,
  { name, size }: { readonly name: string; readonly size: string | undefined },
  options: StoreOptions,
): Promise<void> {
  return explainServerErrors(async () => {
    const { terminal, env } = context;
    const config = storeConfig({ env }, options);
    if (size !== undefined) {
      await server.setUserQuota(config, name, size === "none" ? null : parseSize(size));
      terminal.note(size === "none" ? `${name} has no limit any more.` : `${name} may use ${size}.`);
    }
    const use = await server.readUserUsage(config, name);
    if (options.json) {
      const { usedBytes: used, quotaBytes: limit, filesBytes: files, versionsBytes: versions, trashBytes: trash } = use;
      return terminal.print(JSON.stringify({ used, quota: limit, files, versions, trash, pending: use.pendingBytes }));
    }
    const rows = [
      ["used", formatSize(use.usedBytes)],
      ["limit", use.quotaBytes === null ? "none" : formatSize(use.quotaBytes)],
      ["files", formatSize(use.filesBytes)],
      ["old versions", formatSize(use.versionsBytes)],
      ["trash", formatSize(use.trashBytes)],
    ] as const;
    for (const line of formatTable(columns, rows)) terminal.print(line);
  });
}

const columns = [
  { title: "WHAT", value: ([what]: readonly [string, string]) => what },
  { title: "SIZE", align: "right", value: ([, size]: readonly [string, string]) => size },
] as const;

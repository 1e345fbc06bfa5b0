import { formatTable, printable } from "@satchel/cli";
import type { CommandContext } from "@satchel/cli";
import * as server from "@satchel/server";
import type { QuarantineItem } from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { storeConfig, type StoreOptions } from "./store-config.ts";

export interface QuarantineOptions extends StoreOptions {
  readonly cursor?: string;
}

/** `satchel admin quarantine list`: one page, and how to get the next. */
export function listQuarantine(context: CommandContext, options: QuarantineOptions): Promise<void> {
  return explainServerErrors(async () => {
    const page = await server.listQuarantine(storeConfig(context, options), options.cursor);
    const { terminal } = context;
    if (options.json) return terminal.print(JSON.stringify(page));
    const { items, cursor } = page;
    if (items.length === 0) return terminal.note("No malware was found.");
    for (const line of formatTable(columns, items)) terminal.print(line);
    if (cursor !== null) terminal.note(`There is more: add --cursor ${cursor} to see it.`);
  });
}

/** `satchel admin quarantine allow VERSION` */
export function allowQuarantined(context: CommandContext, version: string, options: StoreOptions): Promise<void> {
  return explainServerErrors(async () => {
    await server.allowQuarantined(storeConfig(context, options), version);
    context.terminal.note("It is let out; a running server gives it out within seconds.");
  });
}

const columns = [
  { title: "FOUND", value: ({ found }: QuarantineItem) => found },
  { title: "STATE", value: ({ allowed }: QuarantineItem) => (allowed === null ? "held" : "let out") },
  { title: "VERSION", value: ({ version_id: version }: QuarantineItem) => version },
  { title: "OWNER", value: ({ owner }: QuarantineItem) => printable(owner ?? "") },
  { title: "WHAT", value: ({ finding }: QuarantineItem) => printable(finding) },
  { title: "FILE", value: ({ path }: QuarantineItem) => printable(path ?? "") },
] as const;

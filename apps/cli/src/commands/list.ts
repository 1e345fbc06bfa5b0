import type { ListedEntry, Metadata } from "@satchel/protocol";
import { formatInstant, formatSize, printable } from "../output/format.ts";
import { formatTable } from "../output/table.ts";
import { formatRemotePath, parseRemotePath } from "../tree/remote-path.ts";
import { getEntry, listFolder } from "../tree/remote-tree.ts";
import { withSession } from "./command-context.ts";
import type { CommandContext, OutputOptions } from "./command-context.ts";

/** One entry as `ls --json` tells it. */
interface ListedItem {
  readonly path: string;
  readonly type: "file" | "folder" | "link";
  readonly size: number;
  readonly modified: string | null;
  readonly version: string | null;
  readonly hash: string | null;
}

/** `satchel ls [PATH]` */
export function list(context: CommandContext, path: string, options: OutputOptions): Promise<void> {
  return withSession(context, options, async (session) => {
    const names = parseRemotePath(path);
    const { id, type } = await getEntry(session, names);
    const items: ListedItem[] = [];
    if (type === "folder") {
      for await (const entry of listFolder(session, id))
        items.push(itemOf(entry, formatRemotePath([...names, entry.name])));
    } else {
      items.push(itemOf(await session.api.metadata({ fileId: id }), formatRemotePath(names)));
    }
    items.sort((a, b) => (a.path < b.path ? -1 : 1));
    const { terminal } = context;
    if (options.json) return terminal.print(JSON.stringify(items));
    for (const line of itemLines(items)) terminal.print(line);
  });
}

function itemOf(entry: ListedEntry | Metadata, path: string): ListedItem {
  const { type, size, modified, latest_version: version, version_hash: hash } = entry;
  return { path, type, size, modified, version, hash };
}

function itemLines(items: readonly ListedItem[]): string[] {
  if (items.length === 0) return [];
  const columns = [
    {
      title: "SIZE",
      align: "right",
      value: (item: ListedItem) => (item.type === "folder" ? "-" : formatSize(item.size)),
    },
    { title: "MODIFIED", value: (item: ListedItem) => formatInstant(item.modified) },
    { title: "PATH", value: (item: ListedItem) => printable(item.path) + (item.type === "folder" ? "/" : "") },
  ] as const;
  return formatTable(columns, items);
}

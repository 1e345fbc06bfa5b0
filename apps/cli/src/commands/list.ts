import { createPresenceCalls, noRetry } from "@satchel/api-client";
import {
  workspaceOfEntry,
  type EntryId,
  type ListedEntry,
  type Metadata,
  type Present,
  type WorkspaceId,
} from "@satchel/protocol";
import type { Session } from "../home/session.ts";
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
    const { id, type, mounts } = await getEntry(session, names);
    const items: ListedItem[] = [];
    const ids = new Map<string, EntryId>();
    const take = (entry: ListedEntry | Metadata, path: string): void => {
      items.push(itemOf(entry, path));
      ids.set(path, "id" in entry ? entry.id : entry.file_id);
    };
    if (type === "folder") {
      for await (const entry of listFolder(session, id)) take(entry, formatRemotePath([...names, entry.name]));
    } else {
      take(await session.api.metadata({ fileId: id }), formatRemotePath(names));
    }
    items.sort((a, b) => (a.path < b.path ? -1 : 1));
    const { terminal } = context;
    if (options.json) return terminal.print(JSON.stringify(items));
    const users = await findUsers(session, mounts ?? workspaceOfEntry(id));
    for (const line of itemLines(items, ({ path: at }) => users.get(ids.get(at) ?? id) ?? "")) terminal.print(line);
  });
}

function itemOf(entry: ListedEntry | Metadata, path: string): ListedItem {
  const { type, size, modified, latest_version: version, version_hash: hash } = entry;
  return { path, type, size, modified, version, hash };
}

/** Who else has each file open, in words; a server that can't say so keeps nobody from a list. */
async function findUsers({ api, login }: Session, workspaceId: WorkspaceId): Promise<ReadonlyMap<EntryId, string>> {
  const calls = api.extend(createPresenceCalls);
  const { present } = await calls.presence(workspaceId, { retry: noRetry }).catch(() => ({ present: [] }));
  return usersOf(present, login.user);
}

/** By file, each person but `own` once: as one who edits, if they do so anywhere. */
export function usersOf(present: readonly Present[], own: string): Map<EntryId, string> {
  const people = new Map<EntryId, Map<string, boolean>>();
  for (const { user, open } of present.filter((one) => one.user !== own))
    for (const { file_id: id, doing } of open) {
      const there = people.get(id) ?? new Map<string, boolean>();
      people.set(id, there.set(user, (there.get(user) ?? false) || doing !== "viewing"));
    }
  const words = (there: ReadonlyMap<string, boolean>): string =>
    [...there].map(([user, edits]) => `${printable(user)}${edits ? " (editing)" : ""}`).join(", ");
  return new Map([...people].map(([id, there]) => [id, words(there)]));
}

function itemLines(items: readonly ListedItem[], usersAt: (item: ListedItem) => string): string[] {
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
  const isUsed = items.some((item) => usersAt(item) !== "");
  return formatTable(isUsed ? [...columns, { title: "OPEN", value: usersAt }] : columns, items);
}

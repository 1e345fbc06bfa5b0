import type { ConflictedCopy, EntryId, TrashedEntry, VersionId, VersionState } from "@satchel/protocol";
import type { Session } from "../home/session.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { formatInstant, formatSize, plural, printable } from "../output/format.ts";
import { formatTable } from "../output/table.ts";
import type { Column } from "../output/table.ts";
import { formatRemotePath, parseRemotePath } from "../tree/remote-path.ts";
import { findEntry, getEntry } from "../tree/remote-tree.ts";
import { withSession } from "./command-context.ts";
import type { CommandContext, OutputOptions } from "./command-context.ts";

/** `satchel versions PATH` */
export function versions(context: CommandContext, path: string, options: OutputOptions): Promise<void> {
  return withSession(context, options, async (session) => {
    const { id, type } = await getEntry(session, parseRemotePath(path));
    if (type === "folder")
      throw new CommandError(exitCode.failed, `${path} is a folder, which has no versions: name a file.`);
    const found = await collect((cursor) =>
      session.api.versions({ fileId: id, cursor }).then((page) => ({ items: page.versions, cursor: page.cursor })),
    );
    const json = found.map(({ version, size, modified, author, also_by: alsoBy, device }) => ({
      version,
      size,
      modified,
      author,
      ...(alsoBy && { also_by: alsoBy }),
      device,
    }));
    show(context, options, { json, rows: found, columns: versionColumns, none: "No versions." });
  });
}

const versionColumns: readonly Column<VersionState>[] = [
  { title: "VERSION", value: (row) => row.version },
  { title: "SIZE", align: "right", value: (row) => formatSize(row.size) },
  { title: "MODIFIED", value: (row) => formatInstant(row.modified) },
  { title: "AUTHOR", value: (row) => printable([row.author, ...(row.also_by ?? [])].join(", ")) },
  { title: "DEVICE", value: (row) => printable(row.device ?? "-") },
];

/** `satchel trash` */
export function trash(context: CommandContext, options: OutputOptions): Promise<void> {
  return withSession(context, options, async (session) => {
    const found = await listTrash(session);
    const json = found.map(({ path, type, size, deleted, expires, deleted_by }) => ({
      path,
      type,
      size,
      deleted,
      expires,
      deleted_by,
    }));
    show(context, options, { json, rows: found, columns: trashColumns, none: "The trash is empty." });
  });
}

const trashColumns: readonly Column<TrashedEntry>[] = [
  { title: "SIZE", align: "right", value: (row) => (row.type === "folder" ? "-" : formatSize(row.size)) },
  { title: "DELETED", value: (row) => formatInstant(row.deleted) },
  { title: "KEPT UNTIL", value: (row) => formatInstant(row.expires) },
  { title: "PATH", value: (row) => printable(row.path) + (row.type === "folder" ? "/" : "") },
];

function listTrash({ api }: Session): Promise<TrashedEntry[]> {
  return collect((cursor) => api.trash({ cursor }).then((page) => ({ items: page.entries, cursor: page.cursor })));
}

/** `satchel conflicts` */
export function conflicts(context: CommandContext, options: OutputOptions): Promise<void> {
  return withSession(context, options, async (session) => {
    const found = await listConflicts(session);
    const json = found.map(({ path, original_path: original, size, modified }) => ({ path, original, size, modified }));
    show(context, options, { json, rows: found, columns: conflictColumns, none: "No conflicted copies." });
  });
}

/** Conflicted copies that nobody has resolved yet. */
export function listConflicts({ api }: Session): Promise<ConflictedCopy[]> {
  return collect((cursor) =>
    api.conflicts({ cursor }).then((page) => ({ items: page.conflicts, cursor: page.cursor })),
  );
}

const conflictColumns: readonly Column<ConflictedCopy>[] = [
  { title: "SIZE", align: "right", value: (row) => formatSize(row.size) },
  { title: "MODIFIED", value: (row) => formatInstant(row.modified) },
  { title: "PATH", value: (row) => printable(row.path) },
  { title: "COPY OF", value: (row) => printable(row.original_path ?? "(deleted)") },
];

/** `satchel restore PATH [--version ID] [--at TIME]` */
export function restore(
  context: CommandContext,
  path: string,
  options: OutputOptions & { version?: string; at?: string },
): Promise<void> {
  return withSession(context, options, async (session) => {
    const request = {
      ...(options.version === undefined ? {} : { version_id: options.version as VersionId }),
      ...parseInstant(options.at),
    };
    const file_id = await findRestorable(session, parseRemotePath(path), Object.keys(request).length > 0);
    const { path: restoredPath, restored } = await session.api.restore({ file_id, ...request });
    if (options.json) context.terminal.print(JSON.stringify({ path: restoredPath, restored }));
    else context.terminal.note(`Restored ${printable(restoredPath)} (${plural(restored, "item")}).`);
  });
}

function parseInstant(at: string | undefined): { at?: string } {
  if (at === undefined) return {};
  const ms = Date.parse(at);
  if (Number.isNaN(ms))
    throw new CommandError(exitCode.usage, `${JSON.stringify(at)} is no time: write it as 2026-01-31T12:00:00Z.`);
  return { at: new Date(ms).toISOString() };
}

/** What is there is restored to a version or an instant; what is not, from the trash, the last that was deleted first. */
async function findRestorable(session: Session, names: readonly string[], toSomething: boolean): Promise<EntryId> {
  const path = formatRemotePath(names);
  const living = await findEntry(session, names);
  if (living && toSomething) return living.id;
  if (living) {
    throw new CommandError(
      exitCode.usage,
      `${path} is not deleted: say what to take it back to with --version ID (\`satchel versions ${path}\`) or --at TIME.`,
    );
  }
  const trashed = (await listTrash(session)).find((entry) => entry.path === path);
  if (trashed) return trashed.file_id;
  throw new CommandError(
    exitCode.failed,
    `There is no ${path}, and none in the trash: \`satchel trash\` lists what can be restored.`,
  );
}

/** The most items that one listing shows; the trash of a large account has its end. */
const maxCollected = 100_000;

async function collect<T>(
  readPage: (cursor: string | null) => Promise<{ items: readonly T[]; cursor: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const page = await readPage(cursor);
    all.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null && all.length < maxCollected);
  return all;
}

function show<Row>(
  { terminal }: CommandContext,
  options: OutputOptions,
  listing: { json: readonly unknown[]; rows: readonly Row[]; columns: readonly Column<Row>[]; none: string },
): void {
  if (options.json) return terminal.print(JSON.stringify(listing.json));
  if (listing.rows.length === 0) return terminal.note(listing.none);
  for (const line of formatTable(listing.columns, listing.rows)) terminal.print(line);
}

import { resolve } from "node:path";
import type { EntryId } from "@satchel/protocol";
import { changeControls, withControl } from "../controls/change-controls.ts";
import { maxExcluded, readControls, type ExcludedEntry } from "../controls/controls-file.ts";
import { findSyncRecord } from "../home/sync-record.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { printable } from "../output/format.ts";
import { findEntry } from "../tree/remote-tree.ts";
import { parseRemotePath } from "../tree/remote-path.ts";
import { homeOf, withSession } from "./command-context.ts";
import type { CommandContext, OutputOptions } from "./command-context.ts";
import { isInFolder, pathInFolder } from "./path-in-folder.ts";

/** `satchel exclude add PATH` */
export async function excludeAdd(context: CommandContext, path: string, options: OutputOptions): Promise<void> {
  const { terminal, env } = context;
  const home = homeOf(context, options);
  const wanted = await findWanted(context, path, options);
  const controls = await changeControls({ home, env }, (now) => {
    if (now.excluded.some(({ id }) => id === wanted.id)) return now;
    if (now.excluded.length >= maxExcluded) {
      const advice = "leave out a folder that holds several of them instead";
      throw new CommandError(exitCode.failed, `This device leaves out ${maxExcluded} items already: ${advice}.`);
    }
    return { ...now, excluded: [...now.excluded, wanted] };
  });
  if (options.json) return terminal.print(JSON.stringify(controls.excluded.find(({ id }) => id === wanted.id)));
  const shown = printable(wanted.path);
  terminal.note(
    `${shown} is left out of this device: what changed in it is sent, then it goes from this folder. It stays on the server and on other devices. \`satchel exclude remove ${quoted(shown)}\` brings it back.`,
  );
}

/** `satchel exclude remove PATH` */
export async function excludeRemove(context: CommandContext, path: string, options: OutputOptions): Promise<void> {
  const { terminal, env } = context;
  const home = homeOf(context, options);
  const place = await placeOf(context, path, options);
  const listed = await listExcluded(context, options);
  const found = listed.find(({ serverPath, path: named, id }) => [serverPath, named, id].includes(place));
  if (!found)
    throw new CommandError(
      exitCode.failed,
      `${printable(place)} is not left out: \`satchel exclude list\` shows what is.`,
    );
  await changeControls({ home, env }, (now) => ({
    ...now,
    excluded: now.excluded.filter(({ id }) => id !== found.id),
  }));
  if (options.json) return terminal.print(JSON.stringify({ id: found.id, path: found.path }));
  terminal.note(`${printable(found.serverPath ?? found.path)} comes back: \`satchel status\` tells how far it is.`);
}

/** `satchel exclude list` */
export async function excludeList(context: CommandContext, options: OutputOptions): Promise<void> {
  const { terminal } = context;
  const listed = await listExcluded(context, options);
  if (options.json)
    return terminal.print(JSON.stringify(listed.map(({ id, path, serverPath }) => ({ id, path, serverPath }))));
  if (listed.length === 0)
    return terminal.note("Nothing is left out of this device: `satchel exclude add PATH` leaves something out.");
  for (const { path, serverPath } of listed) terminal.print(describe(path, serverPath));
}

function describe(path: string, serverPath: string | null | undefined): string {
  if (serverPath === undefined || serverPath === path) return printable(path);
  if (serverPath === null) return `${printable(path)} (not on the server any more)`;
  return `${printable(serverPath)} (was ${printable(path)})`;
}

/** An excluded entry with its place of today: null where the server has it no more, undefined where no sync runs that would know. */
type ListedExclusion = ExcludedEntry & { readonly serverPath?: string | null };

async function listExcluded(context: CommandContext, options: OutputOptions): Promise<ListedExclusion[]> {
  const home = homeOf(context, options);
  const { excluded } = await readControls(home);
  const paths = await withControl({ home, env: context.env }, async (control) =>
    control?.call("paths", { ids: excluded.map(({ id }) => id) }),
  );
  return excluded.map((entry, index) => (paths ? { ...entry, serverPath: paths[index] ?? null } : entry));
}

/** @throws CommandError when there is no such thing on the server */
async function findWanted(context: CommandContext, path: string, options: OutputOptions): Promise<ExcludedEntry> {
  const place = await placeOf(context, path, options);
  const shown = printable(place);
  if (place === "")
    throw new CommandError(exitCode.usage, "The whole folder can't be left out: `satchel stop` ends its sync.");
  const known = await withControl({ home: homeOf(context, options), env: context.env }, async (control) =>
    control ? { found: await control.call("find", { path: place }) } : undefined,
  );
  if (known?.found && known.found.serverPath === null)
    throw new CommandError(
      exitCode.failed,
      `${shown} is not on the server yet, so it can't be left out: \`satchel wait\` returns when it is.`,
    );
  const id: EntryId | undefined = known ? known.found?.id : await findByServer(context, place, options);
  if (id !== undefined) return { id, path: known?.found?.serverPath ?? place };
  throw new CommandError(exitCode.failed, `There is no ${shown}: \`satchel ls\` shows what the server has.`);
}

function findByServer(context: CommandContext, place: string, options: OutputOptions): Promise<EntryId | undefined> {
  return withSession(context, options, async (session) => (await findEntry(session, parseRemotePath(place)))?.id);
}

/** As the shell names it where that is in the synced folder, else from the account's root; without a slash at either end. */
async function placeOf(context: CommandContext, path: string, options: OutputOptions): Promise<string> {
  const folder = (await findSyncRecord(homeOf(context, options)))?.folder;
  const local = folder === undefined ? undefined : { cwd: context.cwd, folder, path: resolve(context.cwd, path) };
  return local && isInFolder(local) ? pathInFolder(local) : parseRemotePath(path).join("/");
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path}'`;
}

import { workspaceOfEntry } from "@satchel/protocol";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { printable } from "../output/format.ts";
import type { Session } from "../home/session.ts";
import { formatRemotePath, parseRemotePath } from "../tree/remote-path.ts";
import { commitOne, findEntry, getEntry, getFolder, newEntryId } from "../tree/remote-tree.ts";
import { withSession } from "./command-context.ts";
import type { CommandContext, OutputOptions } from "./command-context.ts";

/** `satchel mkdir PATH` */
export function makeFolder(
  context: CommandContext,
  path: string,
  options: OutputOptions & { parents?: boolean },
): Promise<void> {
  return withSession(context, options, async (session) => {
    const names = parseRemotePath(path);
    const name = names.at(-1);
    if (name === undefined)
      throw new CommandError(exitCode.usage, "The root folder is always there: name one inside of it, such as /docs.");
    if (options.parents) await makeParents(session, names);
    const done = options.parents && (await findEntry(session, names))?.type === "folder";
    if (!done) {
      const parentId = await getFolder(session, names.slice(0, -1));
      await commitOne(session, { op: "create_folder", id: newEntryId(parentId), parent_id: parentId, name });
    }
    tell(context, options, { path: formatRemotePath(names) }, `Made ${printable(formatRemotePath(names))}.`);
  });
}

async function makeParents(session: Session, names: readonly string[]): Promise<void> {
  for (let depth = 1; depth < names.length; depth++) {
    const ancestors = names.slice(0, depth);
    if (await findEntry(session, ancestors)) continue;
    const parentId = await getFolder(session, ancestors.slice(0, -1));
    await commitOne(session, {
      op: "create_folder",
      id: newEntryId(parentId),
      parent_id: parentId,
      name: ancestors.at(-1) ?? "",
    });
  }
}

/** `satchel mv FROM TO`; into TO where that is a folder. */
export function move(context: CommandContext, from: string, to: string, options: OutputOptions): Promise<void> {
  return withSession(context, options, async (session) => {
    const source = parseRemotePath(from);
    const baseName = source.at(-1);
    if (baseName === undefined)
      throw new CommandError(exitCode.usage, "The root folder can't be moved: name something inside of it.");
    const { id } = await getEntry(session, source);
    const named = parseRemotePath(to);
    const found = await findEntry(session, named);
    const isInto = found?.type === "folder" && found.id !== id;
    const target = isInto ? [...named, baseName] : named;
    const name = target.at(-1);
    if (name === undefined)
      throw new CommandError(
        exitCode.usage,
        "Nothing can take the place of the root folder: name a place inside of it.",
      );
    const parentId = await getFolder(session, target.slice(0, -1));
    if (workspaceOfEntry(parentId) !== workspaceOfEntry(id))
      throw new CommandError(
        exitCode.failed,
        "Nothing is moved over the border of a shared folder here: `get` it and `put` it there, or move it in a synced folder.",
      );
    await commitOne(session, {
      op: "move",
      id,
      parent_id: parentId,
      name,
      base_parent_id: await getFolder(session, source.slice(0, -1)),
      base_name: baseName,
    });
    const path = formatRemotePath(target);
    tell(
      context,
      options,
      { from: formatRemotePath(source), path },
      `${printable(formatRemotePath(source))} is now ${printable(path)}.`,
    );
  });
}

/** `satchel rm PATH`: to the trash, a folder with all that is in it. */
export function remove(context: CommandContext, path: string, options: OutputOptions): Promise<void> {
  return withSession(context, options, async (session) => {
    const names = parseRemotePath(path);
    if (names.length === 0)
      throw new CommandError(exitCode.usage, "The root folder can't be removed: name something inside of it.");
    const { id } = await getEntry(session, names);
    await commitOne(session, { op: "delete", id });
    const shown = formatRemotePath(names);
    tell(
      context,
      options,
      { path: shown },
      `Removed ${printable(shown)}: \`satchel restore\` brings it back for 30 days.`,
    );
  });
}

function tell({ terminal }: CommandContext, options: OutputOptions, result: object, sentence: string): void {
  if (options.json) terminal.print(JSON.stringify(result));
  else terminal.note(sentence);
}

import { lstat, readlink } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { createApiServer, FileChangesError, sendFile } from "@satchel/engine";
import { formatTimestamp, rootEntryId, workspaceOfEntry } from "@satchel/protocol";
import type { CommitOperation, CommittedContent, EntryId, VersionId, WorkspaceId } from "@satchel/protocol";
import type { Session } from "../home/session.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { formatSize, printable } from "../output/format.ts";
import { ProgressMeter } from "../output/progress.ts";
import { formatRemotePath, parseRemotePath } from "../tree/remote-path.ts";
import { commitOne, findEntry, getFolder, newEntryId } from "../tree/remote-tree.ts";
import { withSession } from "./command-context.ts";
import type { CommandContext, OutputOptions } from "./command-context.ts";

/** `satchel put LOCAL [PATH]` */
export function put(
  context: CommandContext,
  local: string,
  path: string | undefined,
  options: OutputOptions,
): Promise<void> {
  return withSession(context, options, async (session) => {
    const { terminal } = context;
    const source = resolve(context.cwd, local);
    const stat = await lstat(source);
    if (stat.isDirectory()) {
      throw new CommandError(
        exitCode.failed,
        `${local} is a folder: name a file, or keep the folder in step with \`satchel sync ${local}\`.`,
      );
    }
    if (!stat.isFile() && !stat.isSymbolicLink()) {
      throw new CommandError(exitCode.failed, `${local} is neither a file nor a link: only those are kept.`);
    }
    const place = await choosePlace(session, basename(source), parseRemotePath(path ?? "/"));
    const versionId = stat.isSymbolicLink()
      ? await putLink(session, place, { target: await readlink(source), modifiedMs: stat.mtimeMs })
      : await putFile(session, place, { path: source, onSent: showProgress(context, stat.size) });
    if (terminal.canRedraw) terminal.redraw("");
    const remotePath = formatRemotePath(place.names);
    if (options.json) terminal.print(JSON.stringify({ path: remotePath, size: stat.size, version: versionId }));
    else terminal.note(`${printable(remotePath)} (${formatSize(stat.size)})`);
  });
}

/** Where the content goes: a new entry, or a new version of one that is there. */
interface Place {
  readonly names: readonly string[];
  readonly parentId: EntryId;
  readonly name: string;
  readonly present: { readonly id: EntryId; readonly type: "file" | "link"; readonly versionId: VersionId } | undefined;
}

/** Into a folder that is there the local name goes; else the path's last name is the file's. */
async function choosePlace(session: Session, localName: string, names: readonly string[]): Promise<Place> {
  const found = await findEntry(session, names);
  if (found?.type === "folder") {
    const inside = [...names, localName];
    const below = await findEntry(session, inside);
    if (below?.type === "folder")
      throw new CommandError(exitCode.failed, `${formatRemotePath(inside)} is a folder: give another PATH.`);
    const parentId = found.mounts === undefined ? found.id : rootEntryId(found.mounts);
    return { names: inside, parentId, name: localName, present: await presentVersion(session, below) };
  }
  const parentId = await getFolder(session, names.slice(0, -1));
  return { names, parentId, name: names.at(-1) ?? localName, present: await presentVersion(session, found) };
}

async function presentVersion(
  session: Session,
  found: Awaited<ReturnType<typeof findEntry>>,
): Promise<Place["present"]> {
  if (!found || found.type === "folder") return undefined;
  const { latest_version: versionId } = await session.api.metadata({ fileId: found.id });
  return versionId === null ? undefined : { id: found.id, type: found.type, versionId };
}

async function putFile(
  session: Session,
  place: Place,
  source: { path: string; onSent: (bytes: number) => void },
): Promise<string | null> {
  const { present, parentId, name, names } = place;
  if (present?.type === "link") throw anotherKind(names);
  const content = await sendContent(session, { ...source, workspaceId: workspaceOfEntry(parentId) });
  const operation: CommitOperation = present
    ? { op: "edit_file", id: present.id, base_version_id: present.versionId, content }
    : { op: "create_file", id: newEntryId(parentId), parent_id: parentId, name, content };
  return (await commitOne(session, operation)).versionId;
}

/** Brings a local file's content to a workspace, to be committed. @throws CommandError when it keeps changing meanwhile */
export async function sendContent(
  { api }: Session,
  source: { path: string; workspaceId: WorkspaceId; onSent: (bytes: number) => void },
): Promise<CommittedContent> {
  try {
    return await sendFile(createApiServer(api, source.workspaceId), source.path, { onProgress: source.onSent });
  } catch (error) {
    if (error instanceof FileChangesError) throw new CommandError(exitCode.failed, error.message, { cause: error });
    throw error;
  }
}

async function putLink(
  session: Session,
  place: Place,
  link: { target: string; modifiedMs: number },
): Promise<string | null> {
  const { present, parentId, name, names } = place;
  if (present?.type === "file") throw anotherKind(names);
  const content = { link_target: link.target, modified: formatTimestamp(Math.floor(link.modifiedMs)) };
  const operation: CommitOperation = present
    ? { op: "edit_link", id: present.id, base_version_id: present.versionId, ...content }
    : { op: "create_link", id: newEntryId(parentId), parent_id: parentId, name, ...content };
  return (await commitOne(session, operation)).versionId;
}

function anotherKind(names: readonly string[]): CommandError {
  return new CommandError(
    exitCode.failed,
    `${formatRemotePath(names)} is of another kind, file or link: give another PATH, or remove it first.`,
  );
}

function showProgress({ terminal }: CommandContext, sizeBytes: number): (bytes: number) => void {
  const meter = new ProgressMeter();
  let left = sizeBytes;
  return (bytes) => {
    left = Math.max(0, left - bytes);
    if (terminal.canRedraw)
      terminal.redraw(
        meter.observe(Date.now(), { uploads: 1, downloads: 0, bytes: left }).slice(0, terminal.columns - 1),
      );
  };
}

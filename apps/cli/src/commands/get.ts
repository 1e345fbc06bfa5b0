import { stat, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createApiServer, receiveFile, WrongBytesError } from "@satchel/engine";
import { parseTimestamp, workspaceOfEntry } from "@satchel/protocol";
import type { Metadata } from "@satchel/protocol";
import type { Session } from "../home/session.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { formatSize, printable } from "../output/format.ts";
import { ProgressMeter } from "../output/progress.ts";
import { parseRemotePath } from "../tree/remote-path.ts";
import { getEntry } from "../tree/remote-tree.ts";
import { withSession } from "./command-context.ts";
import type { CommandContext, OutputOptions } from "./command-context.ts";

/** `satchel get PATH [LOCAL]` */
export function get(
  context: CommandContext,
  path: string,
  local: string | undefined,
  options: OutputOptions,
): Promise<void> {
  return withSession(context, options, async (session) => {
    const { terminal } = context;
    const { id, type } = await getEntry(session, parseRemotePath(path));
    if (type === "folder") {
      throw new CommandError(
        exitCode.failed,
        `${path} is a folder: name a file, or keep the folder here with \`satchel sync DIR\`.`,
      );
    }
    const file = await session.api.metadata({ fileId: id });
    const target = await chooseTarget(context, local, file.name);
    if (type === "link") {
      await symlink(file.link_target ?? "", target);
    } else {
      await receive(session, file, { path: target, onReceived: showProgress(context, file) });
      if (terminal.canRedraw) terminal.redraw("");
    }
    if (options.json) terminal.print(JSON.stringify({ path: target, size: file.size, version: file.latest_version }));
    else terminal.note(`${printable(target)} (${formatSize(file.size)})`);
  });
}

/** Complete and verified, or not at all. */
async function receive(
  { api }: Session,
  file: Metadata,
  target: { path: string; onReceived: (bytes: number) => void },
): Promise<void> {
  const { file_id: id, latest_version: version_id, modified, executable } = file;
  const [packed] =
    version_id === null
      ? []
      : await api.manifests({ workspaceId: workspaceOfEntry(id), versions: [{ id, version_id }] });
  if (packed == null) throw new CommandError(exitCode.failed, `${file.name} changed just now: try again.`);
  const version = {
    packedChunks: Buffer.from(packed, "base64"),
    modifiedMs: modified === null ? Date.now() : parseTimestamp(modified),
    executable,
  };
  try {
    await receiveFile(createApiServer(api, workspaceOfEntry(id)), version, target.path, {
      onProgress: target.onReceived,
    });
  } catch (error) {
    if (error instanceof WrongBytesError) throw new CommandError(exitCode.failed, error.message, { cause: error });
    throw error;
  }
}

/** A name from the server may not lead out of the folder that it is put in; the protocol's rules for names see to that, this to Windows. */
async function chooseTarget(context: CommandContext, local: string | undefined, name: string): Promise<string> {
  const target = resolve(context.cwd, local ?? ".");
  const found = await stat(target).catch(() => undefined);
  if (!found?.isDirectory()) return target;
  if (process.platform === "win32" && /[\\:*?"<>|]/.test(name)) {
    throw new CommandError(
      exitCode.failed,
      `This system can't hold a file called ${JSON.stringify(name)}: give another name as LOCAL.`,
    );
  }
  return join(target, name);
}

function showProgress({ terminal }: CommandContext, file: Metadata): (bytes: number) => void {
  const meter = new ProgressMeter();
  let left = file.size;
  return (bytes) => {
    left -= bytes;
    if (terminal.canRedraw)
      terminal.redraw(
        meter.observe(Date.now(), { uploads: 0, downloads: 1, bytes: left }).slice(0, terminal.columns - 1),
      );
  };
}

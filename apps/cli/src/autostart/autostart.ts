import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm, symlink } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { homeOf, type CommandContext, type HomeOptions } from "../commands/command-context.ts";
import { findHome, type Home } from "../home/home.ts";
import { findSyncRecord } from "../home/sync-record.ts";
import { writeFileAtomically } from "../home/write-file-atomically.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { loginEntry, type LoginEntry } from "./login-entry.ts";

/** How long the registry's own program may take. */
const registryMs = 30_000;

export interface AutostartRequest {
  readonly turn: string;
  /** The one that was kept in sync last, if left out. */
  readonly folder: string | undefined;
  readonly platform: NodeJS.Platform;
}

/** `satchel autostart on|off|status [DIR]`: whether the folder is kept in sync from when somebody signs in at this machine. Nothing is started or ended now. @throws CommandError */
export async function autostart(
  context: CommandContext,
  request: AutostartRequest,
  options: HomeOptions,
): Promise<void> {
  const { turn, platform } = request;
  if (turn !== "on" && turn !== "off" && turn !== "status")
    throw new CommandError(exitCode.usage, "Say on, off or status.");
  const home = homeOf(context, options);
  const folder =
    request.folder === undefined ? (await findSyncRecord(home))?.folder : resolve(context.cwd, request.folder);
  if (turn === "on" && folder === undefined)
    throw new CommandError(exitCode.usage, "Name the folder: `satchel autostart on DIR`.");
  const { env, program, terminal } = context;
  const entry = loginEntry(
    platform,
    { name: nameOf(home, context), program, folder: folder ?? "", home: home.path },
    { homeDirectory: env["HOME"] ?? homedir(), configDirectory: env["XDG_CONFIG_HOME"] },
  );
  if (!entry)
    throw new CommandError(
      exitCode.failed,
      `How ${platform} starts programs at sign-in is not known: use its own settings.`,
    );
  if (turn === "on") await add(entry);
  if (turn === "off") await remove(entry);
  const isOn = turn === "status" ? await isThere(entry) : turn === "on";
  const what = folder === undefined ? "The folder" : folder;
  terminal.print(
    isOn
      ? `${what} is kept in sync from each sign-in on${turn === "on" ? "; `satchel start` does it for now" : ""}.`
      : "Nothing is started at sign-in.",
  );
}

/** The usual home has the plain name; others can't take its place. */
function nameOf(home: Home, { cwd }: CommandContext): string {
  const usual = findHome({ home: undefined, env: {}, cwd }).path;
  if (home.path === usual) return "satchel";
  return `satchel-${createHash("sha256").update(home.path).digest("hex").slice(0, 8)}`;
}

async function add(entry: LoginEntry): Promise<void> {
  if (entry.kind === "registry") {
    await askRegistry(["add", entry.key, "/v", entry.name, "/t", "REG_SZ", "/d", entry.value, "/f"]);
    return;
  }
  await mkdir(dirname(entry.path), { recursive: true });
  await writeFileAtomically(entry.path, entry.text);
  if (entry.link === undefined) return;
  await mkdir(dirname(entry.link), { recursive: true });
  await rm(entry.link, { force: true });
  await symlink(entry.path, entry.link);
}

async function remove(entry: LoginEntry): Promise<void> {
  if (entry.kind === "registry") {
    if (await isThere(entry)) await askRegistry(["delete", entry.key, "/v", entry.name, "/f"]);
    return;
  }
  if (entry.link !== undefined) await rm(entry.link, { force: true });
  await rm(entry.path, { force: true });
}

async function isThere(entry: LoginEntry): Promise<boolean> {
  if (entry.kind === "file") return existsSync(entry.link ?? entry.path);
  return askRegistry(["query", entry.key, "/v", entry.name]).then(
    () => true,
    () => false,
  );
}

async function askRegistry(words: readonly string[]): Promise<void> {
  await promisify(execFile)("reg", [...words], { timeout: registryMs });
}

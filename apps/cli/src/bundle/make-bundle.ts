import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { homedir, release, userInfo } from "node:os";
import { join } from "node:path";
import { knownNames } from "@satchel/engine";
import { withControl } from "../controls/change-controls.ts";
import { readControls } from "../controls/controls-file.ts";
import type { SyncReport } from "../daemon/sync-report.ts";
import { examine } from "../doctor/examine.ts";
import type { Home } from "../home/home.ts";
import { findLogin, type Login } from "../home/login-file.ts";
import { findSyncRecord } from "../home/sync-record.ts";
import { createRedactor, type Redaction, type Redactor } from "./redactor.ts";

/** So much of the end of each log goes along, in bytes. */
const maxLogBytes = 1024 * 1024;
const logNames = ["sync.log.1", "sync.log", "start.log"];

/** Everything that helps to understand what went wrong on a device, and nothing that is nobody's business: JSON for one file. */
export async function makeBundle(
  place: { readonly home: Home; readonly env: NodeJS.ProcessEnv },
  options: { readonly version: string; readonly keepNames: boolean },
): Promise<object> {
  const { home } = place;
  const login = await findLogin(home);
  const record = await findSyncRecord(home);
  const running = await withControl(place, async (control) => control?.call("status", {}));
  const redactor = createRedactor(redactionOf({ home, login, folder: record?.folder }, options.keepNames));
  const findings = await examine(place);
  const { excluded, pause, limits } = await readControls(home);
  const report = running ?? record?.report;
  return {
    made: new Date().toISOString(),
    names: options.keepNames ? "kept" : "hashed",
    satchel: options.version,
    node: process.version,
    system: `${process.platform} ${release()} ${process.arch}`,
    running: running !== undefined,
    status: report ? redactStatus(report, redactor) : null,
    doctor: findings.map(({ message, ...finding }) => ({ ...finding, message: redactor.text(message) })),
    controls: { excluded: excluded.length, pause, limits },
    logs: Object.fromEntries(await Promise.all(logNames.map((name) => readLog(join(home.logs, name), name, redactor)))),
  };
}

function redactionOf(
  known: { readonly home: Home; readonly login: Login | undefined; readonly folder: string | undefined },
  keepNames: boolean,
): Redaction {
  const { home, login, folder } = known;
  const secrets = [
    { text: login?.tokens.accessToken ?? "", instead: "[token]" },
    { text: login?.tokens.refreshToken ?? "", instead: "[token]" },
    { text: login === undefined ? "" : new URL(login.serverUrl).host, instead: "[server]" },
    { text: login?.user ?? "", instead: "[user]" },
    { text: folder ?? "", instead: "[folder]" },
    { text: home.path, instead: "[home]" },
    { text: homedir(), instead: "[home of the user]" },
    { text: userInfo().username, instead: "[user]" },
  ].filter(({ text }) => text.length > 1);
  const names = login === undefined ? [] : knownNames(join(home.path, `state-${login.workspaceId}.db`));
  return { key: randomBytes(16), names, secrets, keepNames };
}

function redactStatus({ state, pending, issues }: SyncReport, redactor: Redactor): object {
  const shown = issues.map(({ path, code, message }) => ({
    path: redactor.path(path),
    code,
    message: redactor.text(message),
  }));
  return { state, pending, issues: shown };
}

/** The last lines of a log, whole ones; none where there is no such log. */
async function readLog(path: string, name: string, redactor: Redactor): Promise<[string, string[]]> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    const start = Math.max(0, size - maxLogBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, maxLogBytes)), { position: start });
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n");
    return [
      name,
      lines
        .slice(start > 0 ? 1 : 0)
        .filter((line) => line !== "")
        .map((line) => redactLine(line, redactor)),
    ];
  } catch {
    return [name, []];
  }
}

/** Issues are told as `PATH: sentence (code)`; a path of spaces is no word that could be told from others. */
function redactLine(line: string, redactor: Redactor): string {
  const [, time = "", path, rest] = /^(\S+Z )?(.+?)(: .* \([a-z_]+\))$/.exec(line) ?? [];
  if (path === undefined || rest === undefined || path === "The folder") return redactor.text(line);
  return `${time}${redactor.path(path)}${redactor.text(rest)}`;
}

import { join } from "node:path";
import type { ProxyEnvironment } from "@satchel/api-client";
import { withControl } from "../controls/change-controls.ts";
import type { Home } from "../home/home.ts";
import { findLogin } from "../home/login-file.ts";
import { openSession } from "../home/session.ts";
import { findSyncRecord } from "../home/sync-record.ts";
import { noRetry } from "@satchel/api-client";
import { stateSentence } from "../output/sync-presenter.ts";
import { checkFolder, checkNames, checkSpace } from "./check-folder.ts";
import { checkLogin, checkProxy, checkServer, checkWebSocket } from "./check-server.ts";
import { checkState } from "./check-state.ts";
import { checkWatches } from "./check-watching.ts";
import { ok, problem, skipped, warning, type Finding } from "./finding.ts";

/** Looks at everything that a sync of this home needs. Never throws for what is wrong: that is what it tells. */
export async function examine(place: { readonly home: Home; readonly env: ProxyEnvironment }): Promise<Finding[]> {
  const { home, env } = place;
  const login = await findLogin(home);
  if (!login)
    return [
      problem("login", "This device is not logged in.", "`satchel login URL` signs it in."),
      await checkSpace("home_space", home.path),
    ];
  const record = await findSyncRecord(home);
  const { finding: database, folders } = checkState(join(home.path, `state-${login.workspaceId}.db`));
  return [
    await checkRunning(place),
    checkProxy(login.serverUrl, env),
    ...(await checkWay(home, login.serverUrl)),
    ...(record ? await checkDisk(record.folder) : [skipped("folder", "No folder was synced yet.")]),
    await checkSpace("home_space", home.path),
    await checkWatches(folders),
    database,
  ];
}

async function checkRunning(place: { readonly home: Home; readonly env: ProxyEnvironment }): Promise<Finding> {
  const report = await withControl(place, async (control) => control?.call("status", {}));
  if (!report) return warning("sync", "No sync runs in this home.", "`satchel start DIR` begins one.");
  const { state, issues } = report;
  if (issues.length === 0) return ok("sync", `The sync runs. ${stateSentence(report)}`);
  return warning("sync", `The sync runs, and has something to tell (${state}).`, "`satchel attention` lists it.");
}

async function checkWay(home: Home, serverUrl: string): Promise<Finding[]> {
  const findings = await checkServer(serverUrl);
  if (findings.some(({ level }) => level === "problem"))
    return [...findings, ...["login", "websocket"].map((check) => skipped(check, "The server could not be asked."))];
  const session = await openSession(home, { retry: noRetry });
  try {
    const login = await checkLogin(session);
    const isIn = login.level === "ok";
    const socket = isIn ? await checkWebSocket(session) : skipped("websocket", "This needs a login.");
    return [...findings, login, socket];
  } finally {
    await session.close();
  }
}

async function checkDisk(folder: string): Promise<Finding[]> {
  const found = await checkFolder(folder);
  if (found.level === "problem") return [found];
  return [found, await checkSpace("folder_space", folder), await checkNames(folder)];
}

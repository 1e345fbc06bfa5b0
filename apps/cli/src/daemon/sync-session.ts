import { mkdir } from "node:fs/promises";
import { createPresenceCalls, noRetry } from "@satchel/api-client";
import { makeHome } from "../home/home.ts";
import type { Home } from "../home/home.ts";
import { tryLock } from "../home/process-lock.ts";
import type { ProcessLock } from "../home/process-lock.ts";
import { openSession } from "../home/session.ts";
import type { Session } from "../home/session.ts";
import { findSyncRecord } from "../home/sync-record.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { explainError } from "../output/explain-error.ts";
import { isPausedAt, type Controls } from "../controls/controls-file.ts";
import { pauseSentence } from "../output/sync-presenter.ts";
import { controlPath } from "./control-path.ts";
import type { SyncEvent } from "./control-protocol.ts";
import { startControlServer } from "./control-server.ts";
import type { ControlHandlers } from "./control-server.ts";
import { openLiveControls, type LiveControls } from "./live-controls.ts";
import { forgetState } from "./forget-state.ts";
import { keepPresent } from "./keep-present.ts";
import { keepReporting } from "./keep-reporting.ts";
import { keepSyncRecord } from "./keep-sync-record.ts";
import type { OpenSyncEngine, SyncEngine } from "./sync-engine.ts";
import type { SyncIssue, SyncProgress, SyncReport } from "./sync-report.ts";

export interface SyncSessionOptions {
  readonly home: Home;
  /** Absolute; made if missing. */
  readonly folder: string;
  /** End when the folder and the server were equal. */
  readonly once: boolean;
  /** Forget what this device remembers of the folder, and merge it with the server as at the first time. */
  readonly anew: boolean;
  /** Ends the session in good order. */
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly openEngine: OpenSyncEngine;
  /** Told once, when other processes can reach the session. */
  readonly onReady: (report: () => SyncProgress) => void;
  readonly onEvent: (event: SyncEvent) => void;
  readonly log: (line: string) => void;
}

export interface SessionEnd {
  readonly outcome: "synced" | "issues" | "stopped";
  readonly report: SyncReport;
}

/**
 * Keeps a folder in sync until the signal, a `satchel stop`, or with `once` until all is done, while it answers other processes of this home. Returns how it ended:
 * 'issues' when `once` left items behind.
 * @throws CommandError when another sync of this home runs, LoginRevokedError
 */
export async function runSyncSession(options: SyncSessionOptions): Promise<SessionEnd> {
  const { home } = options;
  await makeHome(home);
  const lock = await lockHome(home);
  try {
    const controls = await openLiveControls(home);
    if (options.once) refuseWhilePaused(controls.current());
    const session = await openSession(home, { retry: noRetry, rates: () => controls.rates() });
    try {
      await mkdir(options.folder, { recursive: true });
      if (options.anew) await forgetState(home, session.login.workspaceId);
      const excluded = controls.current().excluded.map(({ id }) => id);
      const { folder, log, env } = options;
      const mergesTexts = env.SATCHEL_MERGE !== "off";
      const engine = await options.openEngine({ home, folder, session, excluded, mergesTexts, log });
      try {
        controls.attach(engine);
        return await serve(options, session, engine, controls);
      } finally {
        controls.close();
        await engine.close();
      }
    } finally {
      await session.close();
    }
  } finally {
    lock.release();
  }
}

async function lockHome(home: Home): Promise<ProcessLock> {
  const lock = tryLock(home.syncLock);
  if (lock) return lock;
  const record = await findSyncRecord(home);
  const which = record ? ` (process ${record.pid}, ${record.folder})` : "";
  throw new CommandError(
    exitCode.failed,
    `A sync of this home is running already${which}: \`satchel stop\` ends it, --home names another one.`,
  );
}

/** It would wait for transfers that don't come. */
function refuseWhilePaused(controls: Controls): void {
  if (isPausedAt(controls, Date.now()))
    throw new CommandError(exitCode.failed, `${pauseSentence(controls.pause?.untilMs ?? null)}`);
}

async function serve(
  options: SyncSessionOptions,
  session: Session,
  engine: SyncEngine,
  controls: LiveControls,
): Promise<SessionEnd> {
  const { home, folder } = options;
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const { serverUrl, user } = session.login;
  let failure: SyncIssue | undefined;
  const report = (): SyncReport => {
    const { state, pending, issues } = engine.status();
    const current = {
      state,
      folder,
      server: serverUrl,
      user,
      pending,
      issues,
      ...pausedUntil(state, controls),
    };
    return failure ? { ...current, state: "error", issues: [failure, ...issues] } : current;
  };
  const control = await startControlServer(
    await controlPath(home, options.env),
    controlHandlers(engine, report, controls, () => stopping.abort()),
  );
  const reporter = keepReporting({
    status: () => engine.status(),
    send: (told, signal) => session.api.reportDevice(told, { signal }),
  });
  const presence = session.api.extend(createPresenceCalls);
  const present = keepPresent({
    editing: () => engine.openInEditors(),
    send: (told, signal) => presence.reportPresence(told, { signal }),
    nowMs: () => performance.now(),
  });
  const record = keepSyncRecord(home, () => ({ folder, pid: process.pid, report: report() }));
  engine.onEvent((event) => {
    control.emit(event);
    options.onEvent(event);
    record.changed();
  });
  engine.onState(reporter.changed);
  try {
    await record.save();
    options.onReady(() => ({ ...report(), ...carried(engine.status().transferred) }));
    if (options.once) return { outcome: await engine.runOnce(signal), report: report() };
    await engine.run(signal);
    return { outcome: "stopped", report: report() };
  } catch (error) {
    failure = issueOfEnd(error);
    throw error;
  } finally {
    reporter.close();
    present.close();
    await control.close();
    await record.close();
  }
}

/** What `status` tells of a sync that could not go on. */
function issueOfEnd(error: unknown): SyncIssue {
  const cause = error instanceof CommandError ? error.cause : error;
  const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "sync_failed";
  return { path: "", code, message: explainError(error).sentence };
}

function carried(transferred: SyncProgress["transferred"]): Pick<SyncProgress, "transferred"> {
  if (transferred === undefined) return {};
  const { sentBytes, receivedBytes } = transferred;
  return { transferred: { sentBytes, receivedBytes } };
}

function pausedUntil(state: SyncReport["state"], controls: LiveControls): Pick<SyncReport, "pausedUntil"> {
  if (state !== "paused") return {};
  const untilMs = controls.current().pause?.untilMs ?? null;
  return { pausedUntil: untilMs === null ? null : new Date(untilMs).toISOString() };
}

function controlHandlers(
  engine: SyncEngine,
  report: () => SyncReport,
  controls: LiveControls,
  stop: () => void,
): ControlHandlers {
  return {
    status: async () => report(),
    item: async ({ path }) => engine.item(path),
    wait: ({ timeoutMs }, signal) => engine.waitSynced({ timeoutMs, signal }),
    find: async ({ path }) => engine.findEntry(path) ?? null,
    why: async ({ path }) => engine.why(path),
    verify: ({ deep }) => engine.verify({ deep }),
    paths: async ({ ids }) => engine.serverPaths(ids),
    async reload() {
      await controls.reload();
      return null;
    },
    async stop() {
      // After the answer has left.
      setImmediate(stop);
      return null;
    },
  };
}

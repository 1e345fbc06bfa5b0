import { RootChangedError, ServerWentBackError, StateNewerError, type SyncEngine as Engine } from "@satchel/engine";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { MemoryKeeper, ownMemory } from "./give-back-memory.ts";
import { mergeStatuses } from "./merge-statuses.ts";
import { openEngine } from "./open-engine.ts";
import { sharedFoldersOf } from "./open-shared-folder.ts";
import { SharedFolders } from "./shared-folders.ts";
import type { OpenSyncEngine, SyncEngine } from "./sync-engine.ts";
import { waitSynced } from "./wait-synced.ts";

/** The engine on this machine's disk, as the commands use it, with those of the shared folders that are mounted in its folder. */
export async function openEngineForSync(options: Parameters<OpenSyncEngine>[0]): Promise<SyncEngine> {
  const { session, excluded } = options;
  const { workspaceId } = session.login;
  const shared = new SharedFolders(sharedFoldersOf(options));
  const engine = explained(() => openEngine({ ...options, workspaceId }, { excluded, mountHost: shared }));
  const memory = new MemoryKeeper(
    ownMemory(() => {
      engine.shrink();
      shared.shrink();
    }),
  );
  engine.on((event) => {
    if (event.event === "state") memory.setBusy(event.state === "syncing");
  });
  const all = { waitSynced: () => waitForAll(engine, shared) };
  return {
    run: (signal) => runExplained(engine, signal),
    runOnce: (signal) => runOnce(engine, all, signal),
    status: () => mergeStatuses(engine.status(), shared.statuses()),
    openInEditors: () => [...engine.openInEditors(), ...shared.list().flatMap((one) => one.engine.openInEditors())],
    item: (path) => itemOf(engine, shared, path),
    waitSynced: (wait) => waitSynced(all, wait),
    findEntry: (path) => {
      const found = engine.insight.findEntry(path);
      return found && { id: found.id, serverPath: found.serverPath ?? null };
    },
    serverPaths: (ids) => ids.map((id) => engine.insight.serverPath(id) ?? null),
    why: (path) => engine.insight.why(path),
    verify: (how) => engine.insight.verify(how),
    setExcluded: (ids) => engine.setExcluded(ids),
    pause: () => {
      engine.pause();
      shared.pause();
    },
    resume: () => {
      engine.resume();
      shared.resume();
    },
    onEvent: (listener) => {
      engine.on(listener);
      shared.onEvent(listener);
    },
    onState: (listener) => {
      engine.on(({ event }) => {
        if (event === "state") listener();
      });
      shared.onState(listener);
    },
    async close() {
      memory.close();
      await shared.close();
      await engine.close();
    },
  };
}

function itemOf(engine: Engine, shared: SharedFolders, path: string): ReturnType<SyncEngine["item"]> {
  const inside = shared.at(path);
  if (inside) return { ...inside.engine.item(inside.path), path };
  return engine.itemStatus(path) ?? { path, state: "unknown" };
}

/** The folder itself first: that is what tells which shared folders there are. */
async function waitForAll(engine: Engine, shared: SharedFolders): Promise<"synced" | "issues"> {
  const own = await engine.waitSynced();
  await shared.waitSynced();
  const hasIssues = own === "issues" || shared.statuses().some(({ issues }) => issues.length > 0);
  return hasIssues ? "issues" : "synced";
}

async function runOnce(
  engine: Engine,
  all: { waitSynced(): Promise<"synced" | "issues"> },
  signal: AbortSignal,
): Promise<"synced" | "issues" | "stopped"> {
  const done = new AbortController();
  const running = runExplained(engine, AbortSignal.any([signal, done.signal]));
  try {
    return await Promise.race([all.waitSynced(), running.then(() => "stopped" as const)]);
  } finally {
    done.abort();
    await running;
  }
}

async function runExplained(engine: Engine, signal: AbortSignal): Promise<void> {
  try {
    await engine.run(signal);
  } catch (error) {
    throw explainEngineError(error);
  }
}

function explained<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explainEngineError(error);
  }
}

/** What the engine leaves to a person is said in its own words. */
function explainEngineError(error: unknown): unknown {
  const isForPerson =
    error instanceof RootChangedError || error instanceof ServerWentBackError || error instanceof StateNewerError;
  return isForPerson ? new CommandError(exitCode.failed, error.message, { cause: error }) : error;
}

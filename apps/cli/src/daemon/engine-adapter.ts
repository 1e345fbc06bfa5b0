import {
  createApiServer,
  createNodeWatcher,
  openNodeDisk,
  readIgnoreRules,
  RootChangedError,
  ServerWentBackError,
  StateNewerError,
  SyncEngine as Engine,
  systemClock,
  systemEntropy,
} from "@satchel/engine";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { statePath } from "./forget-state.ts";
import { MemoryKeeper, ownMemory } from "./give-back-memory.ts";
import type { OpenSyncEngine, SyncEngine } from "./sync-engine.ts";

/** The engine on this machine's disk, as the commands use it. */
export async function openEngineForSync(options: Parameters<OpenSyncEngine>[0]): Promise<SyncEngine> {
  const { home, folder, session } = options;
  const { workspaceId } = session.login;
  const engine = explained(
    () =>
      new Engine({
        statePath: statePath(home, workspaceId),
        workspaceId,
        disk: openNodeDisk({ root: folder }),
        watcher: createNodeWatcher(folder),
        server: createApiServer(session.api, workspaceId),
        clock: systemClock,
        entropy: systemEntropy,
        loadIgnoreRules: async (toDisk) => {
          const rules = readIgnoreRules(folder, toDisk);
          return (path, isFolder) => rules.find(path, isFolder) !== undefined;
        },
        excluded: options.excluded,
        log: (line, details) => options.log(details ? `${line} ${JSON.stringify(details)}` : line),
      }),
  );
  const memory = new MemoryKeeper(ownMemory(() => engine.shrink()));
  engine.on((event) => {
    if (event.event === "state") memory.setBusy(event.state === "syncing");
  });
  return {
    run: (signal) => runExplained(engine, signal),
    runOnce: (signal) => runOnce(engine, signal),
    status: () => engine.status(),
    item: (path) => engine.itemStatus(path) ?? { path, state: "unknown" },
    waitSynced: (wait) => waitSynced(engine, wait),
    findEntry: (path) => {
      const found = engine.insight.findEntry(path);
      return found && { id: found.id, serverPath: found.serverPath ?? null };
    },
    serverPaths: (ids) => ids.map((id) => engine.insight.serverPath(id) ?? null),
    why: (path) => engine.insight.why(path),
    verify: (how) => engine.insight.verify(how),
    setExcluded: (ids) => engine.setExcluded(ids),
    pause: () => engine.pause(),
    resume: () => engine.resume(),
    onEvent: (listener) => {
      engine.on(listener);
    },
    close: () => {
      memory.close();
      return engine.close();
    },
  };
}

async function runOnce(engine: Engine, signal: AbortSignal): Promise<"synced" | "issues" | "stopped"> {
  const done = new AbortController();
  const running = runExplained(engine, AbortSignal.any([signal, done.signal]));
  try {
    return await Promise.race([engine.waitSynced(), running.then(() => "stopped" as const)]);
  } finally {
    done.abort();
    await running;
  }
}

async function waitSynced(engine: Engine, wait: { timeoutMs: number | null; signal: AbortSignal }): Promise<boolean> {
  const gaveUp = Promise.withResolvers<false>();
  const giveUp = (): void => gaveUp.resolve(false);
  const timer = wait.timeoutMs === null ? undefined : setTimeout(giveUp, wait.timeoutMs);
  wait.signal.addEventListener("abort", giveUp);
  try {
    return await Promise.race([engine.waitSynced().then(() => true), gaveUp.promise]);
  } finally {
    clearTimeout(timer);
    wait.signal.removeEventListener("abort", giveUp);
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

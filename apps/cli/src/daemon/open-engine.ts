import {
  createApiServer,
  createNodeWatcher,
  openNodeDisk,
  readIgnoreRules,
  SyncEngine as Engine,
  systemClock,
  systemEntropy,
  type EngineOptions,
  type Server,
} from "@satchel/engine";
import type { WorkspaceId } from "@satchel/protocol";
import type { Home } from "../home/home.ts";
import type { Session } from "../home/session.ts";
import { statePath } from "./forget-state.ts";

export interface OpenedFolder {
  readonly home: Home;
  readonly session: Session;
  /** Absolute. */
  readonly folder: string;
  readonly workspaceId: WorkspaceId;
  readonly log: (line: string) => void;
  /** Default: the session's server. */
  readonly server?: Server;
  /** Whether texts that were edited on both sides are merged. Default: yes. */
  readonly mergesTexts?: boolean;
}

/** An engine on this machine's disk, for one folder and one workspace. @throws StateNewerError */
export function openEngine(
  { home, session, folder, workspaceId, log, server, mergesTexts = true }: OpenedFolder,
  more: Pick<EngineOptions, "excluded" | "mountHost" | "isViewOnly"> = {},
): Engine {
  return new Engine({
    statePath: statePath(home, workspaceId),
    workspaceId,
    disk: openNodeDisk({ root: folder }),
    watcher: createNodeWatcher(folder),
    server: server ?? createApiServer(session.api, workspaceId),
    clock: systemClock,
    entropy: systemEntropy,
    loadIgnoreRules: async (toDisk) => {
      const rules = readIgnoreRules(folder, toDisk);
      return (path, isFolder) => rules.find(path, isFolder) !== undefined;
    },
    log: (line, details) => log(details ? `${line} ${JSON.stringify(details)}` : line),
    mergesTexts,
    ...more,
  });
}

import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { createApiServer, type Server } from "@satchel/engine";
import { ProblemError } from "@satchel/protocol";
import { forgetState } from "./forget-state.ts";
import type { OpenedFolder } from "./open-engine.ts";
import { openEngine } from "./open-engine.ts";
import { waitSynced } from "./wait-synced.ts";
import type { ShareEngine, SharedFoldersParts } from "./shared-folders.ts";

/** What an engine keeps in its folder for itself. */
const ownFolder = ".satchel";

type Device = Pick<OpenedFolder, "home" | "session" | "folder" | "log" | "mergesTexts">;

/** Engines for the shared folders of a device, each in a folder of the synced one. */
export function sharedFoldersOf(device: Device): SharedFoldersParts {
  return {
    log: device.log,
    shares: () => device.session.api.shares(),
    open: async (mount, { isViewOnly, onDoubt }) => {
      const { workspaceId } = mount;
      const server = watchRights(createApiServer(device.session.api, workspaceId), onDoubt);
      const folder = join(device.folder, mount.path);
      const engine = openEngine({ ...device, folder, workspaceId, server }, { isViewOnly });
      return {
        run: (signal) => engine.run(signal),
        withdraw: () => engine.withdraw(),
        shrink: () => engine.shrink(),
        status: () => engine.status(),
        openInEditors: () => engine.openInEditors(),
        item: (path) => engine.itemStatus(path) ?? { path, state: "unknown" },
        waitSynced: (wait) => waitSynced(engine, wait),
        pause: () => engine.pause(),
        resume: () => engine.resume(),
        onEvent: (listener) => void engine.on(listener),
        close: () => engine.close(),
      } satisfies ShareEngine;
    },
    forget: ({ workspaceId }) => forgetState(device.home, workspaceId),
    clear: (mount) => clear(join(device.folder, mount.path)),
  };
}

/** What was only the engine's goes; a folder that holds more stays. */
async function clear(folder: string): Promise<boolean> {
  await rm(join(folder, ownFolder), { recursive: true, force: true });
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT";
  }
}

/** The same server, which says when it seems that the account's role has changed: a connection that ended, or a refusal. */
function watchRights(server: Server, onDoubt: () => void): Server {
  const watched = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof ProblemError && (error.code === "forbidden" || error.code === "not_found")) onDoubt();
      throw error;
    }
  };
  return {
    ...server,
    commit: (request) => watched(server.commit(request)),
    changes: (request) => watched(server.changes(request)),
    missingChunks: (chunks) => watched(server.missingChunks(chunks)),
    uploadChunks: (chunks) => watched(server.uploadChunks(chunks)),
    subscribe: (listener) =>
      server.subscribe({
        ...listener,
        onState: (connected) => {
          if (!connected) onDoubt();
          listener.onState(connected);
        },
      }),
  };
}

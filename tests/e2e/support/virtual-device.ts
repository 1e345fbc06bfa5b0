import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createApiClient, noRetry } from "@satchel/api-client";
import {
  createApiServer,
  createVirtualWatcher,
  ignoreRulesOf,
  nameOf,
  openVirtualDisk,
  SyncEngine,
  systemClock,
  systemEntropy,
  VirtualFileSystem,
  type NameRules,
} from "@satchel/engine";
import type { WorkspaceId } from "@satchel/protocol";
import type { Device } from "./device.ts";

/** A device on a disk in memory that has the rules of another system, with the engine in this process and the server over HTTP. */
export interface VirtualDevice extends AsyncDisposable {
  /** The disk, as a person of that system sees it. */
  readonly files: VirtualFileSystem;
  readonly engine: SyncEngine;
  /** Contents of files by path, and "folder" for folders, as other devices have them. */
  tree(): Map<string, string>;
  /** Ends it, and starts it again on what it has, without its memory if `forgetful`. */
  restart(options: { forgetful: boolean }): Promise<void>;
}

/** @param device a signed-in device of the command line, whose login is used */
export async function openVirtualDevice(device: Device, nameRules: NameRules): Promise<VirtualDevice> {
  const login = JSON.parse(await readFile(join(device.home, "login.json"), "utf8")) as LoginFile;
  const token = (await device.satchel(["token"])).trim();
  const files = new VirtualFileSystem({ nowNs: () => BigInt(Date.now()) * 1_000_000n, nameRules });
  files.mount();
  let generation = 0;
  const start = () => startEngine({ login, token, files, statePath: join(device.home, `virtual-${generation}.db`) });
  let running = start();
  return {
    files,
    get engine() {
      return running.engine;
    },
    tree: () => treeOf(files, nameRules),
    async restart({ forgetful }) {
      await running.stop();
      if (forgetful) {
        generation += 1;
        files.remove(".satchel");
      }
      running = start();
    },
    [Symbol.asyncDispose]: () => running.stop(),
  };
}

interface LoginFile {
  readonly serverUrl: string;
  readonly workspaceId: WorkspaceId;
}

function startEngine(parts: { login: LoginFile; token: string; files: VirtualFileSystem; statePath: string }) {
  const { login, token, files, statePath } = parts;
  const tokens = { get: () => Promise.resolve(token), renew: () => Promise.reject(new Error("the token expired")) };
  const api = createApiClient({ serverUrl: login.serverUrl, tokens, retry: noRetry });
  const engine = new SyncEngine({
    statePath,
    workspaceId: login.workspaceId,
    disk: openVirtualDisk(files),
    watcher: createVirtualWatcher(files),
    server: createApiServer(api, login.workspaceId),
    clock: systemClock,
    entropy: systemEntropy,
    loadIgnoreRules: (toDisk) => Promise.resolve(ignoredIn(files, toDisk)),
    log: () => undefined,
  });
  const abort = new AbortController();
  const ended = engine.run(abort.signal);
  // Whoever stops it hears of it.
  ended.catch(() => undefined);
  return {
    engine,
    async stop(): Promise<void> {
      abort.abort();
      await ended;
      await engine.close();
      await api.close();
    },
  };
}

function ignoredIn(files: VirtualFileSystem, toDisk: (path: string) => string) {
  const rules = ignoreRulesOf((path) => {
    const entry = files.find(toDisk(path));
    return entry?.type === "file" ? Buffer.from(entry.bytes).toString("utf8") : undefined;
  });
  return (path: string, isFolder: boolean): boolean => rules.find(path, isFolder) !== undefined;
}

function treeOf(files: VirtualFileSystem, nameRules: NameRules): Map<string, string> {
  const inTree = (path: string): string =>
    path
      .split("/")
      .map((name) => nameOf(name, nameRules).name)
      .join("/");
  const entries = [...files.snapshot()].map(([path, entry]): [string, string] => [
    inTree(path),
    entry.type === "file" ? Buffer.from(entry.bytes).toString("utf8") : entry.type,
  ]);
  return new Map(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

import type { MishapKind, Operation } from "../work/operations.ts";
import type { Person } from "../work/person.ts";
import type { History } from "../work/history.ts";
import { rootEntryId } from "@satchel/protocol";
import { listServer } from "../checks/trees.ts";
import type { Contents } from "../work/contents.ts";
import type { Life } from "./life.ts";
import { restoreSomething } from "./restore-something.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimDevice } from "./sim-device.ts";
import type { SimServer } from "./sim-server.ts";
import type { Trace } from "./trace.ts";

const maxOutageMs = 30_000;
const maxClockJumpMs = 3 * 24 * 3600 * 1000;
/** So long somebody waits for a download to run into. */
const downloadWaitMs = 4000;
/** What a full disk has left, at most. */
const maxRoomBytes = 2000;

export interface Stage {
  readonly life: Life;
  readonly server: SimServer;
  readonly devices: readonly SimDevice[];
  readonly people: readonly Person[];
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly history: History;
  readonly contents: Contents;
}

interface Scene extends Stage {
  readonly device: SimDevice;
  readonly operation: Operation;
  /** How long it takes, mostly short. */
  readonly durationMs: number;
}

/** Lets something go wrong, or be done at the server, for a while; resolves when that is over. */
export async function befall(stage: Stage, kind: MishapKind, operation: Operation): Promise<void> {
  const device = stage.devices[operation.device];
  if (!device) return;
  const share = (operation.draw % 1000) / 1000;
  const durationMs = (kind === "restart" ? share : share * share) * maxOutageMs;
  await mishaps[kind]({ ...stage, device, operation, durationMs });
}

const mishaps: Record<MishapKind, (scene: Scene) => Promise<void> | void> = {
  disconnect,
  crash: ({ life, device, operation, scheduler, durationMs }) => {
    if (life.hasPowerCuts && operation.draw % 2 === 0) device.cutPower();
    else device.crash();
    return startAfter(scheduler, device, durationMs);
  },
  restart: ({ device, scheduler, durationMs }) => device.stop().then(() => startAfter(scheduler, device, durationMs)),
  restart_server: restartServer,
  edit_while_downloading: editWhileDownloading,
  restore_version: (scene) => restoreSomething(scene),
  jump_clock: ({ device, operation, trace }) => {
    const jumpMs = (operation.draw % (2 * maxClockJumpMs)) - maxClockJumpMs;
    trace.add(device.name, `has its clock set by ${jumpMs} ms`);
    device.clockOffsetMs += jumpMs;
  },
  unmount: (scene) => takeRoot(scene, false),
  replace_root: (scene) => takeRoot(scene, true),
  fill_disk: async ({ device, operation, trace, scheduler, durationMs }) => {
    trace.add(device.name, "has hardly any room left on its disk");
    device.files.capacityBytes = device.files.usedBytes() + (operation.draw % maxRoomBytes);
    await scheduler.sleep(durationMs);
    device.files.capacityBytes = Number.POSITIVE_INFINITY;
  },
  lock_file: async ({ device, operation, trace, scheduler, durationMs }) => {
    const paths = [...device.files.snapshot().keys()];
    const path = paths[operation.draw % Math.max(1, paths.length)];
    if (path === undefined || device.isAway) return;
    trace.add(device.name, `may not touch ${path}`);
    device.lockedPaths.add(path);
    await scheduler.sleep(durationMs);
    device.lockedPaths.delete(path);
  },
  expire_cursors: async ({ server, device, trace, scheduler, durationMs }) => {
    trace.add("server", "forgets what was deleted, and who has not heard of it lists anew");
    await server.metadata.maintenance.prune({
      workspaceId: device.workspaceId,
      beforeMs: scheduler.nowMs() - durationMs,
      limit: 1000,
    });
  },
  restore_backup: async ({ server, operation, trace, scheduler, durationMs }) => {
    if (server.hasGoneBack) return;
    const backup = server.backUp();
    await scheduler.sleep(200 + durationMs / 3 + (operation.draw % 100));
    trace.add("server", "is put back to what it was");
    await server.putBack(backup);
  },
  exclude_add: excludeSomething,
  exclude_remove: ({ device, operation, trace }) => {
    const ids = [...device.excluded];
    const id = ids[operation.draw % Math.max(1, ids.length)];
    if (id === undefined) return;
    trace.add(device.name, `takes ${id.slice(-5)} in again`);
    device.takeIn([id]);
  },
  revoke_device: ({ device }) => device.signOut(),
};

/** Leaves out something of the server's: a folder, mostly. */
async function excludeSomething({ server, device, operation, trace }: Scene): Promise<void> {
  const rootId = rootEntryId(device.workspaceId);
  const entries = [...(await listServer(server, device.workspaceId)).values()].filter(({ id }) => id !== rootId);
  const folders = entries.filter(({ type }) => type === "folder");
  const choice = folders.length > 0 && operation.draw % 5 > 0 ? folders : entries;
  const entry = choice[operation.draw % Math.max(1, choice.length)];
  if (entry === undefined) return;
  trace.add(device.name, `leaves out ${entry.id.slice(-5)}, ${entry.name}`);
  device.exclude(entry.id);
}

async function disconnect({ device, trace, scheduler, durationMs }: Scene): Promise<void> {
  trace.add(device.name, "loses its network");
  device.network.setConnected(false);
  await scheduler.sleep(durationMs);
  trace.add(device.name, "has its network again");
  device.network.setConnected(true);
}

async function startAfter(scheduler: Scheduler, device: SimDevice, delayMs: number): Promise<void> {
  await scheduler.sleep(delayMs);
  device.start();
}

async function restartServer({ server, trace, scheduler, durationMs }: Scene): Promise<void> {
  trace.add("server", "goes down");
  server.stop();
  await scheduler.sleep(durationMs);
  if (server.core) return;
  trace.add("server", "is up again");
  server.start();
}

/** Somebody saves a file at the very moment at which the engine puts another's version of it in place. */
async function editWhileDownloading(scene: Scene): Promise<void> {
  const { life, device, devices, people, operation, scheduler } = scene;
  const [here, there] = [operation.device, life.workers.find((worker) => worker !== operation.device)];
  const person = people[here];
  if (life.isApart || !person || there === undefined || !life.workers.includes(here) || device.onPlacing) return;
  const edited = Promise.withResolvers<void>();
  device.onPlacing = (path) => {
    device.onPlacing = undefined;
    edited.resolve(person.editAt(path, operation.draw));
  };
  if (devices[there]) await people[there]?.work("overwrite", operation.draw);
  await Promise.race([edited.promise, scheduler.sleep(downloadWaitMs)]);
  device.onPlacing = undefined;
}

async function takeRoot({ device, scheduler, durationMs }: Scene, isReplaced: boolean): Promise<void> {
  if (!device.takeRoot({ isReplaced })) return;
  await scheduler.sleep(durationMs);
  device.returnRoot();
}

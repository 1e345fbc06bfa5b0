import type { EntryId, VersionHash } from "@satchel/protocol";
import type { Plan } from "../plan/operation.ts";
import type { PlanOptions } from "../plan/plan.ts";
import type { Item, RemoteItem } from "../tree/item.ts";
import { limboId } from "../tree/view.ts";
import {
  type AbstractDevice,
  abstractDevice,
  bookOutcome,
  executionOf,
  folderRow,
  isEmptyPlan,
  planOf,
  pull,
} from "./abstract-device.fixture.ts";
import { type AbstractServer, abstractServer } from "./abstract-server.fixture.ts";
import type { MapTree } from "./map-tree.fixture.ts";

/** A server and devices, and what people meant: which contents nobody took away. */
export interface AbstractWorld {
  readonly server: AbstractServer;
  readonly devices: readonly AbstractDevice[];
  /** Contents that somebody wrote. */
  readonly written: Set<string>;
  /** Contents that somebody replaced or deleted having seen them. */
  readonly superseded: Set<string>;
  readonly log: string[];
}

export const rootId = "r.root" as EntryId;

export function abstractWorld(deviceNames: readonly string[]): AbstractWorld {
  const root: RemoteItem = { ...folderRow(rootId, rootId, ""), parentId: null, versionId: null };
  const server = abstractServer(root);
  const devices = deviceNames.map((name) => abstractDevice(name, server, root));
  return { server, devices, written: new Set(), superseded: new Set(), log: [] };
}

/** What a person does on a device, as a scan would find it. */
export function peopleOn(world: AbstractWorld, device: AbstractDevice) {
  const { local, unread } = device;
  const say = (text: string): void => void world.log.push(`${device.name}: ${text}`);
  const write = (content: string): VersionHash => {
    world.written.add(content);
    return content as VersionHash;
  };
  const supersede = (id: EntryId): void => {
    const hash = unread.get(id) ?? local.find(id)?.contentHash;
    if (hash != null) world.superseded.add(hash);
  };
  const fill = (id: EntryId, content: string, isRead: boolean, row: Parameters<typeof local.put>[0]): void => {
    const contentHash = write(content);
    local.put({ ...row, contentHash: isRead ? contentHash : row.contentHash, content: isRead ? "known" : "unknown" });
    if (isRead) unread.delete(id);
    else unread.set(id, contentHash);
  };
  let clock = 0;
  const now = (): number => (clock += 1) * 10 + device.name.charCodeAt(0) / 1000;

  return {
    createFolder: (parentId: EntryId, name: string): EntryId => {
      const id = device.newId();
      local.put(folderRow(id, parentId, name));
      say(`mkdir ${pathOf(local, id)} (${id})`);
      return id;
    },
    createFile: (parentId: EntryId, name: string, content: string, isRead = true): EntryId => {
      const id = device.newId();
      const row = { ...folderRow(id, parentId, name), type: "file" as const, modifiedMs: now() };
      fill(id, content, isRead, row);
      say(`write ${content} to ${pathOf(local, id)} (${id})`);
      return id;
    },
    edit: (id: EntryId, content: string, isRead = true): void => {
      supersede(id);
      const row = local.find(id);
      if (row !== undefined) fill(id, content, isRead, { ...row, modifiedMs: now() });
      say(`edit ${pathOf(local, id)} (${id}) to ${content}`);
    },
    touch: (id: EntryId, attributes: { readonly time?: boolean; readonly mode?: boolean }): void => {
      const row = local.find(id);
      if (row === undefined) return;
      const modifiedMs = attributes.time ? now() : row.modifiedMs;
      local.put({ ...row, modifiedMs, executable: attributes.mode ? !row.executable : row.executable });
      say(`touch ${pathOf(local, id)} (${id}) ${JSON.stringify(attributes)}`);
    },
    move: (id: EntryId, parentId: EntryId, name: string): void => {
      const row = local.find(id);
      if (row === undefined) return;
      say(`mv ${pathOf(local, id)} (${id}) to ${name} in ${pathOf(local, parentId)}`);
      local.put({ ...row, parentId, name });
    },
    /** @param isThorough whether the rows below go too, as they may */
    remove: (id: EntryId, isThorough = false): void => {
      say(`rm ${pathOf(local, id)} (${id})`);
      for (const row of [...local.below(id), local.find(id)]) {
        if (row === undefined) continue;
        supersede(row.id);
        unread.delete(row.id);
        if (isThorough) local.remove(row.id);
      }
      local.remove(id);
    },
  };
}

/** @returns the operations that failed although nothing changed since the plan: there must be none */
export function syncOnce(
  world: AbstractWorld,
  device: AbstractDevice,
  options?: PlanOptions,
): { plan: Plan; failed: string[] } {
  pull(device);
  const made = planOf(device, options);
  const execution = carryOutBooks(world, device, made);
  const failed: string[] = [];
  const note = (operation: object, problem: string | undefined): void => {
    world.log.push(`${device.name}> ${JSON.stringify(operation)} ${problem ?? ""}`);
    if (problem !== undefined) failed.push(`${device.name}: ${problem} ${JSON.stringify(operation)}`);
  };
  for (const operation of made.ingest) note(operation, execution.ingest(operation.id));
  for (const operation of made.local) note(operation, execution.onDisk(operation));
  for (const operation of made.remote) note(operation, execution.onServer(operation));
  pull(device);
  for (const { id } of [...made.ingest, ...made.local, ...made.remote]) bookOutcome(device, id);
  return { plan: made, failed };
}

export function carryOutBooks(world: AbstractWorld, device: AbstractDevice, made: Plan) {
  const before = executionOf(device);
  for (const operation of made.books) {
    world.log.push(`${device.name}> ${JSON.stringify(operation)}`);
    before.book(operation);
  }
  return executionOf(device);
}

/** The most rounds of all devices until nothing is left to do. */
const maxRounds = 12;

/**
 * Lets all devices finish, one after the other, with no faults.
 * @throws when it takes too long or an operation of a fresh plan fails
 */
export function settle(world: AbstractWorld): void {
  for (let round = 0; round < maxRounds; round += 1) {
    const head = world.server.head();
    for (const device of world.devices) finish(world, device);
    if (round > 0 && world.server.head() === head) return;
  }
  throw new Error(`not settled after ${maxRounds} rounds`);
}

/** Plans and does until there is nothing left to do, while nobody else does anything. @throws as {@link settle} */
function finish(world: AbstractWorld, device: AbstractDevice): void {
  const depths = [device.local, device.remote].map((tree) => depthOf(tree));
  const bound = 8 + Math.max(...depths);
  for (let round = 0; round <= bound; round += 1) {
    const { plan: made, failed } = syncOnce(world, device);
    if (failed.length > 0) throw new Error(`a fresh plan fails: ${failed.join("; ")}`);
    if (isEmptyPlan(made)) return;
  }
  throw new Error(`${device.name} has not finished after ${bound} rounds`);
}

function depthOf(tree: MapTree<Item>): number {
  return Math.max(...[...tree.ids()].map((id) => pathOf(tree, id).split("/").length - 1));
}

/** @throws when the trees are not equal, or content is gone that nobody took away */
export function checkSettled(world: AbstractWorld): void {
  const truth = listing(world.server.tree);
  for (const device of world.devices) {
    for (const [what, tree] of [
      ["local", device.local],
      ["synced", device.synced],
    ] as const) {
      const mine = listing(tree);
      if (mine.join("\n") === truth.join("\n")) continue;
      throw new Error(
        `${device.name}'s ${what} tree differs:\n${mine.join("\n")}\n  from the server's:\n${truth.join("\n")}`,
      );
    }
  }
  const live = new Set(truth.map((line) => line.split(" = ")[1]?.split(" ")[0]));
  for (const content of world.written) {
    if (!world.superseded.has(content) && !live.has(content)) throw new Error(`${content} is lost`);
  }
  const odd = truth.find((line) => line.includes(".satchel-") || line.includes("limbo"));
  if (odd !== undefined) throw new Error(`left over: ${odd}`);
}

/** Every reachable entry as a line: path, type, id, content, attributes. */
export function listing(tree: MapTree<Item>): string[] {
  const lines: string[] = [];
  for (const id of tree.ids()) {
    const item = tree.find(id);
    if (item === undefined || id === rootId || !tree.isReachable(id)) continue;
    const path = pathOf(tree, id);
    const content = item.contentHash === null ? "" : ` = ${item.contentHash} ${item.modifiedMs} ${item.executable}`;
    lines.push(`${path} ${item.type} ${id}${content}`);
  }
  return lines.sort();
}

export function pathOf(tree: MapTree<Item>, id: EntryId): string {
  let path = "";
  for (let at: EntryId | null = id; at !== null && at !== rootId;) {
    if (at === limboId) return `limbo${path}`;
    const item: Item | undefined = tree.find(at);
    if (item === undefined) return `?${path}`;
    path = `/${item.name}${path}`;
    at = item.parentId;
  }
  return path === "" ? "/" : path;
}

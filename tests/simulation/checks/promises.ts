import { checkStores } from "@satchel/server";
import type { WorkspaceId } from "@satchel/protocol";
import type { ContentKey } from "../work/contents.ts";
import { isMishap, type Operation, type OperationKind } from "../work/operations.ts";
import { isWithin } from "../work/paths.ts";
import { homeOf } from "../world/home-of.ts";
import type { Stage } from "../world/mishaps.ts";
import { calm } from "../world/network.ts";
import type { SimDevice } from "../world/sim-device.ts";
import { BrokenPromiseError } from "./broken-promise.ts";
import { withoutLeftAlone } from "./left-alone.ts";
import { checkSentOnce } from "./sent-once.ts";
import { differences, treeOfDisk, treeOfServer, type ComparedTree } from "./trees.ts";

interface Quiet extends Stage {
  readonly operations: readonly Operation[];
  /** What each device's disk showed when the people were done. */
  readonly asLeft: readonly ComparedTree[];
}

/** What must hold when nothing changes any more and everybody is connected. @throws BrokenPromiseError */
export async function checkPromises(quiet: Quiet): Promise<void> {
  const { server, devices, history } = quiet;
  const workspaceId = (devices[0] as SimDevice).workspaceId;
  const onServer = await treeOfServer(server, workspaceId, history);
  checkConvergence(quiet, onServer);
  if (isFreeOfConflicts(quiet)) checkLeftAsWere(quiet);
  if (isFreeOfConflicts(quiet) && isUndisturbed(quiet)) checkSentOnce(quiet);
  await checkNothingLost(quiet, { workspaceId, onServer });
  const stores = await checkStores(server);
  if (!stores.ok) throw new BrokenPromiseError(`the server's stores are not sound: ${JSON.stringify(stores.problems)}`);
  if (server.faults.length > 0) throw new BrokenPromiseError(`the server had a fault: ${String(server.faults[0])}`);
}

/** While devices leave things out, each has what the server has but for that. [SI17] @throws BrokenPromiseError */
export async function checkLeftOut(stage: Stage): Promise<void> {
  const { server, devices, history } = stage;
  for (const device of devices) {
    const onServer = await treeOfServer(server, device.workspaceId, history, device.excluded);
    checkDisk(stage, device, onServer);
  }
}

/** @throws BrokenPromiseError where a device shows something else than the server has */
export function checkConvergence(stage: Pick<Stage, "devices" | "life">, onServer: ComparedTree): void {
  for (const device of stage.devices) checkDisk(stage, device, onServer);
}

function checkDisk({ life }: Pick<Stage, "life">, device: SimDevice, onServer: ComparedTree): void {
  const onDisk = treeOfDisk(device.files);
  const synced = life.hasIgnoreRules ? withoutLeftAlone(onDisk, onServer, device.ignoreRules()) : onDisk;
  const differ = differences(synced, onServer);
  if (differ.length > 0)
    throw new BrokenPromiseError(
      `${device.name} and the server differ (${device.name} | server):\n  ${differ.join("\n  ")}`,
    );
}

/** What is left out is not as people left it either. */
const disturbing: readonly OperationKind[] = ["restore_version", "unmount", "replace_root", "exclude_add"];

/**
 * Nobody is in another's way where one device only is worked at, or everybody stays in a folder of their own. A power cut takes the last moments of the books along, and so does a folder that
 * is taken away; a disk that fails says nothing of what it did all the same: what is found out anew may then look like a conflict.
 */
function isFreeOfConflicts({ life, operations }: Quiet): boolean {
  const isDisturbed =
    operations.some((operation) => disturbing.includes(operation.kind) || isCostlyCrash(life, operation)) ||
    life.diskFailures.some((failures) => failures > 0);
  return !isDisturbed && (life.workers.length === 1 || life.isApart);
}

/** Nothing keeps a request from its answer. */
export function isUndisturbed({ life, operations }: Pick<Quiet, "life" | "operations">): boolean {
  return life.weather === calm && !operations.some(({ kind }) => isMishap(kind));
}

/** Who is killed between putting a file in place and writing that down finds it as a file that nobody knows. Where everything comes from the very device, nothing is put in place. */
function isCostlyCrash({ workers, hasPowerCuts }: Quiet["life"], { kind, device }: Operation): boolean {
  return kind === "crash" && (hasPowerCuts || workers.length !== 1 || workers[0] !== device);
}

/** What a person made of a folder in which nobody else does anything stays as it is: no conflicted copy, nothing moved back, nothing deleted or brought back. */
function checkLeftAsWere({ devices, life, asLeft }: Quiet): void {
  for (const index of life.workers) {
    const device = devices[index] as SimDevice;
    const home = homeOf(life, device);
    const mine = (tree: ComparedTree | undefined): ComparedTree =>
      new Map([...(tree ?? [])].filter(([path]) => path !== "meant" && (home === "" || isWithin(path, home))));
    const differ = differences(mine(asLeft[index]), mine(treeOfDisk(device.files)));
    if (differ.length > 0)
      throw new BrokenPromiseError(
        `nobody was in the way of ${device.name}, and yet its folder changed (as it was left | now):\n  ${differ.join("\n  ")}`,
      );
  }
}

/** Whatever anybody wrote, and nobody who had it did away with, is there: live, left alone on a disk, or at the least a version. */
async function checkNothingLost(
  { contents, history, server, devices, operations }: Quiet,
  { workspaceId, onServer }: { workspaceId: WorkspaceId; onServer: ComparedTree },
): Promise<void> {
  const mayBePruned = operations.some(({ kind }) => kind === "expire_cursors");
  const known = await history.contents(server, { workspaceId, mayBePruned });
  const live = new Set<ContentKey>();
  const trees = [onServer, ...devices.map(({ files }) => treeOfDisk(files))];
  for (const tree of trees) for (const { content } of tree.values()) if (content !== undefined) live.add(content);
  const kept = [...contents.kept()].filter(({ key }) => !live.has(key));
  const lost = kept.filter(({ key }) => !known.has(key));
  if (lost.length > 0) throw new BrokenPromiseError(`nobody did away with it, and it is nowhere: ${told(lost)}`);
  const past = kept.filter(({ mayHaveBeenOne }) => !mayHaveBeenOne);
  if (past.length > 0)
    throw new BrokenPromiseError(`nobody did away with it, and it is only in the past: ${told(past)}`);
}

function told(contents: readonly { key: ContentKey; first: string }[]): string {
  return contents.map(({ key, first }) => `${key.slice(0, 8)} of ${first}`).join(", ");
}

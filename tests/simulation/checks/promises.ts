import { checkStores } from "@satchel/server";
import type { WorkspaceId } from "@satchel/protocol";
import type { Contents } from "../work/contents.ts";
import type { History } from "../work/history.ts";
import type { SimDevice } from "../world/sim-device.ts";
import type { SimServer } from "../world/sim-server.ts";
import { userDisk } from "../world/user-disk.ts";
import { BrokenPromiseError } from "./broken-promise.ts";
import { differences, treeOfDisk, treeOfServer, type ComparedTree } from "./trees.ts";

interface Quiet {
  readonly server: SimServer;
  readonly devices: readonly SimDevice[];
  readonly workspaceId: WorkspaceId;
  readonly contents: Contents;
  readonly history: History;
  /** Whether one device only was worked at, so that there was nobody to be in conflict with. */
  readonly isSolitary: boolean;
}

/** What must hold when nothing changes any more and everybody is connected. @throws BrokenPromiseError */
export async function checkPromises(quiet: Quiet): Promise<void> {
  const { server, workspaceId, history } = quiet;
  const onServer = await treeOfServer(server, workspaceId, history);
  checkConvergence(quiet, onServer);
  if (quiet.isSolitary) checkNoConflicts(onServer);
  await checkNothingLost(quiet, onServer);
  const stores = await checkStores(server);
  if (!stores.ok) throw new BrokenPromiseError(`the server's stores are not sound: ${JSON.stringify(stores.problems)}`);
  if (server.faults.length > 0) throw new BrokenPromiseError(`the server had a fault: ${String(server.faults[0])}`);
}

function checkConvergence({ devices }: Quiet, onServer: ComparedTree): void {
  for (const { name, files } of devices) {
    const differ = differences(treeOfDisk(userDisk(files)), onServer);
    if (differ.length > 0)
      throw new BrokenPromiseError(`${name} and the server differ (${name} | server):\n  ${differ.join("\n  ")}`);
  }
}

function checkNoConflicts(onServer: ComparedTree): void {
  const copies = [...onServer.keys()].filter((path) => path.includes("(Conflicted copy"));
  if (copies.length > 0) throw new BrokenPromiseError(`one device alone got conflicted copies: ${copies.join(", ")}`);
}

async function checkNothingLost(
  { contents, history, server, workspaceId }: Quiet,
  onServer: ComparedTree,
): Promise<void> {
  const known = await history.contents(server, workspaceId);
  for (const { content } of onServer.values()) if (content !== undefined) known.add(content);
  const lost = [...contents.kept()].filter(({ key }) => !known.has(key));
  if (lost.length > 0) {
    const told = lost.map(({ key, first }) => `${key.slice(0, 8)} of ${first}`);
    throw new BrokenPromiseError(`nobody did away with it, and it is nowhere: ${told.join(", ")}`);
  }
}

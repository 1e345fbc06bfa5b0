import type { EntryId } from "@satchel/protocol";
import { planExcluding } from "../exclude/plan-excluding.ts";
import { type AbstractDevice, bookOutcome, executionOf, pull, treesOf } from "./abstract-device.fixture.ts";
import { type AbstractWorld, pathOf } from "./abstract-world.fixture.ts";

/** Chance, for what may fail on the way. */
export interface Luck {
  fails(): boolean;
}

export const noMishap: Luck = { fails: () => false };

/**
 * One round of a device that leaves entries out. Returns whether there was anything to do.
 *
 * @throws when the plan asks the server to delete what is left out and not on the disk, or a folder that it is in [RC84]
 */
export function syncExcluding(
  world: AbstractWorld,
  device: AbstractDevice,
  roots: ReadonlySet<EntryId>,
  luck: Luck = noMishap,
): boolean {
  pull(device);
  const { plan, excluded } = planExcluding(treesOf(device), roots);
  const execution = executionOf(device);
  const note = (operation: object, problem: string | undefined): void =>
    void world.log.push(`${device.name}> ${JSON.stringify(operation)} ${problem ?? ""}`);
  for (const operation of plan.remote) if (operation.do === "delete_remote") checkDeletion(device, operation.id, roots);
  for (const id of excluded.away) disown(device, id);
  for (const operation of plan.books) {
    note(operation, undefined);
    execution.book(operation);
  }
  const doing = executionOf(device);
  for (const operation of plan.ingest) if (!luck.fails()) note(operation, doing.ingest(operation.id));
  for (const operation of plan.local) if (!luck.fails()) note(operation, doing.onDisk(operation));
  for (const id of excluded.withdrawn) {
    if (luck.fails()) continue;
    note({ withdraw: id }, doing.onDisk({ do: "delete_local", id }));
    // A crash here is what disowning at the next round is for.
    if (!luck.fails()) disown(device, id);
  }
  for (const operation of plan.remote) if (!luck.fails()) note(operation, doing.onServer(operation));
  pull(device);
  for (const { id } of [...plan.ingest, ...plan.local, ...plan.remote]) bookOutcome(device, id);
  const { books, ingest, local, remote } = plan;
  return books.length + ingest.length + local.length + remote.length + excluded.withdrawn.length > 0;
}

/** Forgets the base of an entry and of all below it that is not on the disk, as the engine does. [RC82] */
export function disown({ local, synced }: AbstractDevice, id: EntryId): void {
  for (const each of [id, ...synced.below(id).map((row) => row.id)]) {
    if (local.isReachable(each)) continue;
    synced.remove(each);
    local.remove(each);
  }
}

/** The entries are taken in again, after a look at the whole disk: what isn't there now has no base. [RC86] */
export function takeIn(device: AbstractDevice, id: EntryId): void {
  for (const each of [id, ...device.remote.below(id).map((row) => row.id)]) disown(device, each);
}

/** What is still on the disk may move out of a folder in the same plan. [RC25] */
function checkDeletion({ remote, local }: AbstractDevice, id: EntryId, roots: ReadonlySet<EntryId>): void {
  const doomed = [id, ...remote.below(id).map((row) => row.id)];
  const left = doomed.find((each) => roots.has(each) && !local.isReachable(each));
  if (left !== undefined) throw new Error(`deletes ${pathOf(remote, id)}, with ${pathOf(remote, left)} in it`);
}

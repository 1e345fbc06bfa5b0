import assert from "node:assert/strict";
import { test } from "node:test";
import {
  makeEntryId,
  presenceLeaseMs,
  type AccountId,
  type DeviceId,
  type EntryId,
  type OpenFile,
  type WorkspaceId,
} from "@satchel/protocol";
import type { ReportingDevice } from "../../storage/bus/bus.ts";
import { maxClientsOfDevice, maxPresentInWorkspace, PresentClients } from "./present-clients.ts";

const [ours, theirs] = ["0000000000000001", "0000000000000002"] as WorkspaceId[] as [WorkspaceId, WorkspaceId];
const inOurs = makeEntryId(ours, new Uint8Array(10));
const inTheirs = makeEntryId(theirs, new Uint8Array(10));

function device(name: string): ReportingDevice {
  return { id: name as DeviceId, name, accountId: `of ${name}` as AccountId, userName: name, rootWorkspaceId: ours };
}

const viewing = (id: EntryId): OpenFile => ({ file_id: id, doing: "viewing" });

test("[PR1] what a window says takes the place of what it said before, for each workspace by itself, and saying the same again is no news", () => {
  const clients = new PresentClients();
  const ann = device("ann");
  const changed = clients.hear(ann, "w", [viewing(inOurs), viewing(inTheirs)], 0);
  assert.deepEqual(
    changed.map(({ workspaceId, open }) => [workspaceId, open]),
    [
      [ours, [viewing(inOurs)]],
      [theirs, [viewing(inTheirs)]],
    ],
  );
  assert.deepEqual(clients.hear(ann, "w", [viewing(inOurs), viewing(inTheirs)], 10), []);
  assert.deepEqual(clients.hear(ann, "other window", [viewing(inOurs)], 10).length, 1);
  const gone = clients.hear(ann, "w", [viewing(inOurs)], 20);
  assert.deepEqual(
    gone.map(({ workspaceId, open }) => [workspaceId, open]),
    [[theirs, []]],
  );
  assert.deepEqual(clients.in(theirs), []);
  assert.equal(clients.in(ours).length, 2);
});

test("[PR1] what nobody says again is over when its minute is", () => {
  const clients = new PresentClients();
  clients.hear(device("ann"), "w", [viewing(inOurs)], 0);
  clients.hear(device("eve"), "w", [viewing(inOurs)], 40_000);
  assert.equal(clients.nextEndMs, presenceLeaseMs);
  const over = clients.drop(({ untilMs }) => untilMs <= presenceLeaseMs);
  assert.deepEqual(
    over.map(({ device: { name }, open }) => [name, open]),
    [["ann", []]],
  );
  assert.equal(clients.nextEndMs, 40_000 + presenceLeaseMs);
});

test("[PR3] of more windows than can be remembered, those on top are not told of, and make room for nobody", () => {
  const clients = new PresentClients();
  for (let i = 0; i <= maxClientsOfDevice; i++) {
    const changed = clients.hear(device("ann"), `w${i}`, [viewing(inOurs)], 0);
    assert.equal(changed.length, i < maxClientsOfDevice ? 1 : 0);
  }
  for (let i = clients.in(ours).length; i <= maxPresentInWorkspace; i++)
    clients.hear(device(`d${i}`), "w", [viewing(inOurs)], 0);
  assert.equal(clients.in(ours).length, maxPresentInWorkspace);
  // Of one login they count together, in whichever folder, and what it leaves makes room.
  assert.deepEqual(clients.hear(device("ann"), "elsewhere", [viewing(inTheirs)], 0), []);
  assert.equal(clients.hear(device("ann"), "w0", [viewing(inTheirs)], 0).length, 2);
  assert.equal(clients.hear(device("ann"), "w0", [viewing(inOurs)], 0).length, 2);
  // Who is there already still says what else it opens.
  const other = makeEntryId(ours, new Uint8Array(10).fill(1));
  assert.deepEqual(clients.hear(device("ann"), "w0", [viewing(other)], 1)[0]?.open, [viewing(other)]);
});

test("[PR6] who has a file open is known by account, but for those in its live session", () => {
  const clients = new PresentClients();
  clients.hear(device("ann"), "w", [viewing(inOurs)], 0);
  clients.hear(device("eve"), "w", [{ file_id: inOurs, doing: "live" }], 0);
  assert.deepEqual([...clients.readersOf(inOurs)], ["of ann"]);
  assert.deepEqual([...clients.readersOf(inTheirs)], []);
});

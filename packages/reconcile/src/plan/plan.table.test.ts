import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import type { AbstractDevice } from "../testing/abstract-device.fixture.ts";
import {
  abstractWorld,
  type AbstractWorld,
  checkSettled,
  pathOf,
  peopleOn,
  rootId,
  settle,
  syncOnce,
} from "../testing/abstract-world.fixture.ts";

/** What happens to the file `x`, beside which the name `n` is free. */
const changes = ["unchanged", "created", "edited", "moved", "deleted", "type changed"] as const;
type Change = (typeof changes)[number];

function make(
  world: AbstractWorld,
  device: AbstractDevice,
  { kind, x, side }: { kind: Change; x: EntryId; side: string },
) {
  const people = peopleOn(world, device);
  switch (kind) {
    case "unchanged":
      return;
    case "created":
      return void people.createFile(rootId, "n", `new-${side}`);
    case "edited":
      return people.edit(x, `edited-${side}`);
    case "moved":
      return people.move(x, rootId, "n");
    case "deleted":
      return people.remove(x);
    case "type changed":
      people.remove(x);
      return void people.createFile(people.createFolder(rootId, "x"), "f", `filled-${side}`);
  }
}

/** More than one device alone needs to tell the server what it did. */
const firstRounds = 4;

/** What all have in the end, when `there` was first to tell the server. */
function outcomeOf(here: Change, there: Change): string {
  const world = abstractWorld(["A", "B"]);
  const [A, B] = world.devices as [AbstractDevice, AbstractDevice];
  const x = peopleOn(world, A).createFile(rootId, "x", "old");
  settle(world);
  make(world, A, { kind: here, x, side: "here" });
  make(world, B, { kind: there, x, side: "there" });
  for (let round = 0; round < firstRounds; round += 1) syncOnce(world, B);
  settle(world);
  checkSettled(world);
  const { tree } = world.server;
  const lines = [...tree.ids()].flatMap((id) => {
    const item = tree.find(id);
    if (item === undefined || id === rootId || !tree.isReachable(id)) return [];
    const name = pathOf(tree, id).slice(1);
    return [item.type === "folder" ? `${name}/` : `${name} = ${item.contentHash ?? ""}`];
  });
  return lines.toSorted().join("; ") || "nothing";
}
/** What is left in the end, by rule. The server keeps the name; nothing that anybody wrote is gone. */
const outcomes: Readonly<Record<string, string>> = {
  "[RC101] unchanged here, unchanged there": "x = old",
  "[RC102] unchanged here, created there": "n = new-there; x = old",
  "[RC103] unchanged here, edited there": "x = edited-there",
  "[RC104] unchanged here, moved there": "n = old",
  "[RC105] unchanged here, deleted there": "nothing",
  "[RC106] unchanged here, type changed there": "x/; x/f = filled-there",
  "[RC111] created here, unchanged there": "n = new-here; x = old",
  "[RC112] created here, created there": "n (Conflicted copy) = new-here; n = new-there; x = old",
  "[RC113] created here, edited there": "n = new-here; x = edited-there",
  "[RC114] created here, moved there": "n (Conflicted copy) = new-here; n = old",
  "[RC115] created here, deleted there": "n = new-here",
  "[RC116] created here, type changed there": "n = new-here; x/; x/f = filled-there",
  "[RC121] edited here, unchanged there": "x = edited-here",
  "[RC122] edited here, created there": "n = new-there; x = edited-here",
  "[RC123] edited here, edited there": "x (Conflicted copy) = edited-here; x = edited-there",
  "[RC124] edited here, moved there": "n = edited-here",
  "[RC125] edited here, deleted there": "x = edited-here",
  "[RC126] edited here, type changed there": "x (Conflicted copy) = edited-here; x/; x/f = filled-there",
  "[RC131] moved here, unchanged there": "n = old",
  "[RC132] moved here, created there": "n (Conflicted copy) = old; n = new-there",
  "[RC133] moved here, edited there": "n = edited-there",
  "[RC134] moved here, moved there": "n = old",
  "[RC135] moved here, deleted there": "n = old",
  "[RC136] moved here, type changed there": "n = old; x/; x/f = filled-there",
  "[RC141] deleted here, unchanged there": "nothing",
  "[RC142] deleted here, created there": "n = new-there",
  "[RC143] deleted here, edited there": "x = edited-there",
  "[RC144] deleted here, moved there": "n = old",
  "[RC145] deleted here, deleted there": "nothing",
  "[RC146] deleted here, type changed there": "x/; x/f = filled-there",
  "[RC151] type changed here, unchanged there": "x/; x/f = filled-here",
  "[RC152] type changed here, created there": "n = new-there; x/; x/f = filled-here",
  "[RC153] type changed here, edited there":
    "x (Conflicted copy)/; x (Conflicted copy)/f = filled-here; x = edited-there",
  "[RC154] type changed here, moved there": "n = old; x/; x/f = filled-here",
  "[RC155] type changed here, deleted there": "x/; x/f = filled-here",
  "[RC156] type changed here, type changed there": "x/; x/f (Conflicted copy) = filled-here; x/f = filled-there",
};

const page = readFileSync(new URL("../../../../docs/spec/reconcile.md", import.meta.url), "utf8");

for (const here of changes) {
  for (const there of changes) {
    const pair = `${here} here, ${there} there`;
    const rule = Object.keys(outcomes).find((each) => each.endsWith(`] ${pair}`)) ?? `${pair} has no rule`;
    test(rule, () => {
      const outcome = outcomeOf(here, there);
      assert.equal(outcome, outcomes[rule]);
      const id = rule.slice(0, rule.indexOf(" "));
      assert.ok(page.includes(`- **${id}** *${here}* here, *${there}* there: ${outcome}\n`), "as in the specification");
    });
  }
}

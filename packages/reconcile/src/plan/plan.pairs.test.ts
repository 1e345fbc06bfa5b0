import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import type { AbstractDevice } from "../testing/abstract-device.fixture.ts";
import {
  type AbstractWorld,
  abstractWorld,
  checkSettled,
  listing,
  peopleOn,
  rootId,
  settle,
} from "../testing/abstract-world.fixture.ts";

/** What a change brings to a place, to tell which pairs may end in a conflicted copy: `folder`, or the content of a file. */
interface Change {
  readonly name: string;
  /** `isRead`: the scan also read what it found. */
  do(scene: Scene, device: AbstractDevice, isRead: boolean): void;
  readonly takes?: Readonly<Record<string, string>>;
  /** Which file gets which content. */
  readonly edits?: readonly [string, string];
  /** Of which entry the place is given to something else. */
  readonly replaces?: string;
  /** Into which folders something comes that will live there. */
  readonly fills?: string;
}

/** `/F`, `/F/G`, `/F/x` and `/y`, on all devices. */
interface Scene {
  readonly world: AbstractWorld;
  readonly ids: Readonly<Record<string, EntryId>>;
}

function scene(): Scene {
  const world = abstractWorld(["A", "B", "C"]);
  const people = peopleOn(world, world.devices[0] as AbstractDevice);
  const F = people.createFolder(rootId, "F");
  const G = people.createFolder(F, "G");
  const x = people.createFile(F, "x", "x0");
  const y = people.createFile(rootId, "y", "y0");
  settle(world);
  return { world, ids: { root: rootId, F, G, x, y } };
}

/** Every single change, by the side of that name. */
function changesOf(side: string): Change[] {
  const places: Record<string, string> = { F: "root/F", G: "F/G", x: "F/x", y: "root/y" };
  const changes: Change[] = [];
  const add = (change: Change): void => void changes.push(change);
  const at = ({ ids }: Scene, key: string): EntryId => ids[key] as EntryId;
  const nameOf = (key: string): string => (places[key] as string).split("/")[1] as string;
  const parentOf = (key: string): string => (places[key] as string).split("/")[0] as string;

  add({ name: "nothing", do: () => undefined });
  for (const key of ["x", "y"]) {
    for (const content of [`${key}-${side}`, "both"]) {
      add({
        name: `edit ${key} to ${content}`,
        edits: [key, content],
        fills: parentOf(key),
        do: (scene, device, isRead) => peopleOn(scene.world, device).edit(at(scene, key), content, isRead),
      });
      add({
        name: `replace ${key} by a new file ${content}`,
        replaces: key,
        fills: parentOf(key),
        takes: { [places[key] as string]: content },
        do: (scene, device, isRead) => {
          const people = peopleOn(scene.world, device);
          people.remove(at(scene, key));
          people.createFile(at(scene, parentOf(key)), nameOf(key), content, isRead);
        },
      });
    }
    add({
      name: `touch ${key}`,
      do: (scene, device) => peopleOn(scene.world, device).touch(at(scene, key), { time: true }),
    });
    add({
      name: `chmod ${key}`,
      do: (scene, device) => peopleOn(scene.world, device).touch(at(scene, key), { mode: true }),
    });
    add({
      name: `edit and rename ${key}`,
      edits: [key, `${key}-${side}`],
      fills: parentOf(key),
      takes: { [`${parentOf(key)}/n`]: `${key}-${side}` },
      do: (scene, device, isRead) => {
        const people = peopleOn(scene.world, device);
        people.edit(at(scene, key), `${key}-${side}`, isRead);
        people.move(at(scene, key), at(scene, parentOf(key)), "n");
      },
    });
  }
  for (const key of ["F", "G", "x", "y"]) {
    add({
      name: `delete ${key}`,
      do: (scene, device, isRead) => peopleOn(scene.world, device).remove(at(scene, key), isRead),
    });
    add({
      name: `replace ${key} by a new folder`,
      replaces: key,
      fills: parentOf(key),
      takes: { [places[key] as string]: "folder" },
      do: (scene, device) => {
        const people = peopleOn(scene.world, device);
        people.remove(at(scene, key));
        people.createFolder(at(scene, parentOf(key)), nameOf(key));
      },
    });
    for (const target of ["root", "F", "G"]) {
      if (key === target || (key === "F" && target === "G")) continue;
      for (const name of ["n", nameOf(key)]) {
        if (`${target}/${name}` === places[key]) continue;
        add({
          name: `move ${key} to ${target}/${name}`,
          fills: target,
          takes: { [`${target}/${name}`]: `the ${key}` },
          do: (scene, device) => peopleOn(scene.world, device).move(at(scene, key), at(scene, target), name),
        });
      }
    }
  }
  for (const key of ["F", "G"]) {
    add({
      name: `replace ${key} by a file`,
      replaces: key,
      fills: parentOf(key),
      takes: { [places[key] as string]: `file-${side}` },
      do: (scene, device, isRead) => {
        const people = peopleOn(scene.world, device);
        people.remove(at(scene, key));
        people.createFile(at(scene, parentOf(key)), nameOf(key), `file-${side}`, isRead);
      },
    });
  }
  add({
    name: "replace F by a new folder with its contents",
    replaces: "F",
    takes: { "root/F": "folder" },
    do: (scene, device) => {
      const people = peopleOn(scene.world, device);
      const folder = people.createFolder(rootId, "new");
      people.move(at(scene, "x"), folder, "x");
      people.move(at(scene, "G"), folder, "G");
      people.remove(at(scene, "F"));
      people.move(folder, rootId, "F");
    },
  });
  add({
    name: "swap x and y",
    takes: { "F/x": "the y", "root/y": "the x" },
    fills: "F",
    do: (scene, device) => {
      const people = peopleOn(scene.world, device);
      people.move(at(scene, "x"), rootId, "swapping");
      people.move(at(scene, "y"), at(scene, "F"), "x");
      people.move(at(scene, "x"), rootId, "y");
    },
  });
  for (const target of ["root", "F", "G"]) {
    for (const content of [`new-${side}`, "both"]) {
      add({
        name: `write ${content} to ${target}/n`,
        fills: target,
        takes: { [`${target}/n`]: content },
        do: (scene, device, isRead) =>
          void peopleOn(scene.world, device).createFile(at(scene, target), "n", content, isRead),
      });
    }
    add({
      name: `mkdir ${target}/n`,
      fills: target,
      takes: { [`${target}/n`]: "folder" },
      do: (scene, device) => void peopleOn(scene.world, device).createFolder(at(scene, target), "n"),
    });
  }
  return changes;
}

/** Whether the contract lets the pair end in a conflicted copy. */
function mayConflict(one: Change, other: Change): boolean {
  const isSameFileEdited =
    one.edits !== undefined && one.edits[0] === other.edits?.[0] && one.edits[1] !== other.edits[1];
  const isSamePlaceTaken = Object.entries(one.takes ?? {}).some(
    ([place, what]) => other.takes?.[place] !== undefined && other.takes[place] !== what,
  );
  return isSameFileEdited || isSamePlaceTaken || isKeptAndReplaced(one, other) || isKeptAndReplaced(other, one);
}

/** One side gave the place to something else, and what was there lives on for the other's change. */
function isKeptAndReplaced(one: Change, other: Change): boolean {
  if (one.replaces === undefined) return false;
  const edited =
    other.edits?.[0] === one.replaces && other.edits?.[1] !== one.takes?.[Object.keys(one.takes)[0] as string];
  const isFile = Object.values(one.takes ?? {})[0] !== "folder";
  const isFilled = other.fills === one.replaces || (one.replaces === "F" && other.fills === "G");
  return edited || (isFile && isFilled);
}

/** An edit on one side and a new mode on the other: the file has both. */
function checkBothApply({ server }: AbstractWorld, ids: Scene["ids"], pair: readonly [Change, Change]): void {
  for (const [edit, other] of [pair, pair.toReversed()] as [Change, Change][]) {
    if (edit.edits === undefined || other.name !== `chmod ${edit.edits[0]}`) continue;
    const item = server.tree.find(ids[edit.edits[0]] as EntryId);
    assert.equal(item?.contentHash, edit.edits[1], "the edit applies");
    assert.equal(item.executable, true, "the mode applies");
  }
}

const isConflictedCopy = (line: string): boolean => line.includes("(Conflicted copy");

for (const isRead of [true, false]) {
  test(`every pair of single changes ends equal on all sides, loses nothing, and conflicts only where it may; files ${isRead ? "read" : "unread"} [RC61] [RC62] [RC63]`, () => {
    const mine = changesOf("A");
    const theirs = changesOf("B");
    for (const one of mine) {
      for (const other of theirs) {
        const { world, ids } = scene();
        const [A, B] = world.devices as [AbstractDevice, AbstractDevice];
        const what = `${one.name} | ${other.name}`;
        try {
          one.do({ world, ids }, A, isRead);
          other.do({ world, ids }, B, isRead);
          settle(world);
          if (!one.name.includes("both") && !other.name.includes("both")) checkSettled(world);
          const copies = listing(world.server.tree).filter(isConflictedCopy);
          assert.ok(copies.length === 0 || mayConflict(one, other), `no conflict here: ${copies.join()}`);
          checkBothApply(world, ids, [one, other]);
          const isEdited = one.edits !== undefined && one.edits[0] === other.edits?.[0];
          if (isEdited && one.edits[1] !== other.edits?.[1]) assert.equal(copies.length, 1, "a copy");
        } catch (error) {
          throw new Error(
            `${what}: ${(error as Error).message}\n${world.log.join("\n")}\n${listing(world.server.tree).join("\n")}`,
            { cause: error },
          );
        }
      }
    }
  });
}

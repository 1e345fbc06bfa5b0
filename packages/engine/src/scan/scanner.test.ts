import assert from "node:assert/strict";
import { test } from "node:test";
import { DiskError } from "../ports/disk.ts";
import { openScanner as open } from "./scanner.fixture.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("[EN1] a folder that was moved is the same folder, with all that is in it", async () => {
  const world = open();
  world.files.makeFolder("a/b");
  world.files.writeFile("a/b/f", bytes("f"));
  await world.scanner.scanAll();
  const before = world.ids();
  world.files.makeFolder("c");
  world.files.rename("a", "c/d");
  await world.scanner.scanAll();
  assert.equal(world.ids().get("c/d"), before.get("a"));
  assert.equal(world.ids().get("c/d/b/f"), before.get("a/b/f"));
});

test("[EN93] a folder that a hint shows at a new place is looked at with all that is in it", async () => {
  const world = open();
  world.files.makeFolder("a");
  world.files.makeFolder("b");
  world.files.writeFile("a/f", bytes("f"));
  await world.scanner.scanAll();
  world.files.writeFile("a/told by its old name", bytes("1"));
  world.files.rename("a", "b/c");
  world.files.writeFile("b/c/told too early", bytes("2"));
  await world.scanner.scanHints(new Set(["b/c/told too early"]));
  await world.scanner.scanHints(new Set(["a/told by its old name", "a", "b/c"]));
  assert.deepEqual(world.lookedAgain, ["b/c/"]);
  await world.scanner.scanHints(new Set(world.lookedAgain.splice(0)));
  assert.deepEqual([...world.ids().keys()].toSorted(), [
    "b",
    "b/c",
    "b/c/f",
    "b/c/told by its old name",
    "b/c/told too early",
  ]);
  assert.deepEqual(world.lookedAgain, []);
});

test("[EN121] what is in a new folder may go on before all of it was looked at, unless somebody is missing", async () => {
  const world = open();
  world.files.makeFolder("known");
  world.files.writeFile("known/f", bytes("f"));
  await world.scanner.scanAll();
  const found: number[] = [];
  const goOn = (): Promise<void> => Promise.resolve(void found.push(world.ids().size));
  world.files.makeFolder("new/a");
  world.files.makeFolder("new/b");
  world.files.writeFile("new/b/f", bytes("f"));
  await world.scanner.scanHints(new Set(["new"]), { goOn });
  // The folder itself and what is in it, then what is in each of those.
  assert.deepEqual(found, [5, 5, 6]);
  world.files.makeFolder("newer/c");
  world.files.rename("known/f", "newer/c/f");
  await world.scanner.scanHints(new Set(["newer", "known/f"]), { goOn });
  // Not before the missing one turned up.
  assert.ok(world.find("newer/c/f"));
  assert.deepEqual(found.slice(3), [world.ids().size]);
});

test("[EN125] what a look at everything found may go on before it ends, unless somebody is missing", async () => {
  const world = open();
  const found: number[] = [];
  const goOn = (): Promise<void> => Promise.resolve(void found.push(world.ids().size));
  world.files.makeFolder("a");
  world.files.writeFile("a/f", bytes("f"));
  world.files.makeFolder("b");
  await world.scanner.scanAll({ goOn });
  // What is in the root, then what is in each folder in it.
  assert.deepEqual(found, [2, 3, 3]);
  world.files.rename("a/f", "b/f");
  world.files.writeFile("g", bytes("g"));
  await world.scanner.scanAll({ goOn });
  assert.ok(world.find("b/f"));
  assert.deepEqual(found.slice(3), [4, 4]);
});

test("[EN3] a file and a folder that changed places are recognised, though the watcher told of one of the places only", async () => {
  for (const told of ["a", "b"]) {
    const world = open();
    world.files.makeFolder("a");
    world.files.writeFile("a/f", bytes("f"));
    world.files.writeFile("b", bytes("b"));
    await world.scanner.scanAll();
    const before = world.ids();
    world.files.rename("a", "aside");
    world.files.rename("b", "a");
    world.files.rename("aside", "b");
    await world.scanner.scanHints(new Set([told]));
    const after = world.ids();
    assert.equal(after.get("a"), before.get("b"), `told of ${told}`);
    assert.equal(after.get("b"), before.get("a"), `told of ${told}`);
    assert.equal(after.get("b/f"), before.get("a/f"), `told of ${told}`);
  }
});

test("[EN121] who is asked to end needn't look at the rest of a new folder first", async () => {
  const world = open();
  for (const name of ["a", "b", "c"]) {
    world.files.makeFolder(`new/${name}`);
    world.files.writeFile(`new/${name}/f`, bytes(name));
  }
  const ending = new AbortController();
  const goOn = (): Promise<void> => Promise.resolve(ending.abort());
  await assert.rejects(world.scanner.scanHints(new Set(["new"]), { goOn, signal: ending.signal }), {
    name: "AbortError",
  });
  assert.deepEqual([...world.ids().keys()].toSorted(), ["new", "new/a", "new/b", "new/c"]);
  await world.scanner.scanAll();
  assert.equal(world.ids().size, 7);
});

test("[EN2] a file that was saved by renaming another over it is the same file, and has to be read", async () => {
  const world = open();
  world.files.writeFile("f", bytes("old"));
  await world.scanner.scanAll();
  const before = world.ids().get("f");
  world.files.replaceFile("f", bytes("new"));
  await world.scanner.scanHints(new Set(["f"]));
  assert.equal(world.ids().get("f"), before);
  assert.equal(world.find("f")?.content, "unknown");
});

test("[EN3] two files that changed places are each themselves, seen in one look or by hints", async () => {
  for (const look of ["all", "hints"] as const) {
    const world = open();
    world.files.writeFile("a", bytes("a"));
    world.files.writeFile("b", bytes("b"));
    await world.scanner.scanAll();
    const before = world.ids();
    world.files.rename("a", "aside");
    world.files.rename("b", "a");
    world.files.rename("aside", "b");
    await (look === "all" ? world.scanner.scanAll() : world.scanner.scanHints(new Set(["a", "b", "aside"])));
    assert.equal(world.ids().get("a"), before.get("b"), look);
    assert.equal(world.ids().get("b"), before.get("a"), look);
    assert.equal(world.ids().size, 2, look);
  }
});

test("[EN29] what somebody put into a folder that waits in limbo is found, and so is what was changed there", async () => {
  const world = open();
  world.files.makeFolder("a");
  world.files.writeFile("b", bytes("b"));
  await world.scanner.scanAll();
  const [folder, file] = [world.park("a"), world.park("b")];
  world.files.makeFolder(`${folder}/new`);
  world.files.writeFile(`${folder}/new/f`, bytes("f"));
  world.files.writeFile(file, bytes("changed"));
  await world.scanner.scanHints(new Set([`${folder}/`, file]));
  assert.equal(world.find(`${folder}/new/f`)?.content, "unknown");
  assert.equal(world.find(file)?.sizeBytes, 7);
});

test("[EN29] nothing else in the engine's own folder is taken for an entry, whatever is told of it", async () => {
  const world = open();
  world.files.makeFolder(".satchel/limbo/stranger");
  world.files.writeFile(".satchel/marker", bytes("marker"));
  const told = [".satchel", ".satchel/marker", ".satchel/limbo", ".satchel/limbo/stranger", ".satchel/limbo/stranger/"];
  await world.scanner.scanHints(new Set(told));
  await world.scanner.scanAll();
  assert.equal(world.ids().size, 0);
});

test("[EN4] a renamed file is the same file, and is not read again unless it changed", async () => {
  const world = open();
  world.files.writeFile("a", bytes("a"));
  await world.scanner.scanAll();
  world.learn("a");
  const id = world.ids().get("a");
  world.files.rename("a", "b");
  await world.scanner.scanHints(new Set(["a", "b"]));
  assert.equal(world.ids().get("b"), id);
  assert.equal(world.find("b")?.content, "known");
  world.files.rename("b", "c");
  world.files.writeFile("c", bytes("changed"));
  await world.scanner.scanHints(new Set(["b", "c"]));
  assert.equal(world.ids().get("c"), id);
  assert.equal(world.find("c")?.content, "unknown");
});

test("[EN5] what a hint found missing is waited for, and gone when it turned up nowhere in time", async () => {
  const world = open();
  world.files.writeFile("a", bytes("a"));
  await world.scanner.scanAll();
  world.files.remove("a");
  await world.scanner.scanHints(new Set(["a"]));
  assert.equal(world.scanner.isHolding, true);
  assert.ok(world.ids().has("a"));
  assert.deepEqual(world.scanner.due(), { paths: [], nextMs: 25 });
  world.clock.ms += 25;
  await world.scanner.scanHints(new Set(world.scanner.due().paths));
  assert.equal(world.scanner.isHolding, false);
  assert.equal(world.ids().size, 0);
});

test("[EN5] of a folder that vanished the disk is asked for the folder alone, and all of it is gone", async () => {
  const asked: string[] = [];
  const world = open((operation, path) => {
    if (operation === "stat") asked.push(path);
  });
  world.files.makeFolder("a/b");
  const inside = ["a/f", "a/b/g", "a/b/h"];
  for (const path of inside) world.files.writeFile(path, bytes(path));
  await world.scanner.scanAll();
  for (const path of [...inside, "a/b", "a"]) world.files.remove(path);
  await world.scanner.scanHints(new Set([...inside, "a/b", "a"]));
  assert.deepEqual(asked, ["a"]);
  world.clock.ms += 25;
  await world.scanner.scanHints(new Set(world.scanner.due().paths));
  assert.deepEqual([...new Set(asked)], ["a"]);
  assert.equal(world.ids().size, 0);
});

test("[EN5] a look at everything finds at once that something is gone", async () => {
  const world = open();
  world.files.writeFile("a", bytes("a"));
  await world.scanner.scanAll();
  world.files.remove("a");
  await world.scanner.scanAll();
  assert.equal(world.ids().size, 0);
});

test("[EN6] what is in a folder that can't be listed stays as it was", async () => {
  const world = open((operation, path) => {
    if (operation === "scan" && path === "a" && world.isDenied) throw new DiskError("denied", path, "denied");
  });
  world.files.makeFolder("a");
  world.files.writeFile("a/f", bytes("f"));
  await world.scanner.scanAll();
  world.isDenied = true;
  world.files.remove("a/f");
  await world.scanner.scanAll();
  assert.ok(world.ids().has("a/f"));
  assert.deepEqual(world.issues, ["folder_unreadable"]);
});

test("[EN8] an entry that the disk can't tell about stays as it was, and the others are looked at", async () => {
  const world = open((operation, path) => {
    if (operation === "stat" && path !== "c" && world.isDenied) throw new DiskError("denied", path, "denied");
  });
  world.files.writeFile("a", bytes("a"));
  world.files.writeFile("b", bytes("b"));
  await world.scanner.scanAll();
  world.isDenied = true;
  world.files.remove("a");
  world.files.writeFile("c", bytes("c"));
  await world.scanner.scanHints(new Set(["a", "b", "c"]));
  assert.deepEqual([...world.ids().keys()].toSorted(), ["a", "b", "c"]);
  assert.deepEqual(world.issues, ["entry_unreadable"]);
});

test("[EN67] who lost its place in a look that the disk kept from its end is gone after the next", async () => {
  for (const look of ["all", "hints"] as const) {
    const world = open((operation) => {
      if (operation === "stat" && world.isDenied) throw new DiskError("failed", "a", "EIO");
    });
    world.files.writeFile("a", bytes("a"));
    world.files.writeFile("b", bytes("b"));
    await world.scanner.scanAll();
    world.files.remove("a");
    world.files.remove("b");
    world.files.makeFolder("b");
    world.isDenied = true;
    await assert.rejects(world.scanner.scanAll(), DiskError);
    world.isDenied = false;
    await (look === "all" ? world.scanner.scanAll() : world.scanner.scanHints(new Set(["a", "b"])));
    assert.deepEqual(world.names(), look === "all" ? ["b"] : ["a", "b"], look);
  }
});

test("[EN7] two names of one file are two entries", async () => {
  const world = open();
  world.files.writeFile("a", bytes("a"));
  await world.scanner.scanAll();
  world.files.link("a", "b");
  await world.scanner.scanAll();
  assert.equal(new Set(world.ids().values()).size, 2);
});

test("[EN14] what came back is not waited for any longer", async () => {
  const world = open();
  world.files.writeFile("a", bytes("a"));
  await world.scanner.scanAll();
  const id = world.ids().get("a");
  world.files.rename("a", "elsewhere");
  await world.scanner.scanHints(new Set(["a"]));
  assert.equal(world.scanner.isHolding, true);
  world.files.rename("elsewhere", "a");
  await world.scanner.scanHints(new Set(["a"]));
  assert.equal(world.scanner.isHolding, false);
  assert.equal(world.ids().get("a"), id);
});

test("[EN9] an ignore file that comes along with a folder is told, once", async () => {
  const world = open();
  world.files.makeFolder("a");
  world.files.makeFolder("a/b");
  world.files.writeFile("a/b/.satchelignore", bytes("*.tmp"));
  await world.scanner.scanHints(new Set(["a/"]));
  assert.deepEqual(world.lookedAgain, ["a/b/.satchelignore"]);
  await world.scanner.scanHints(new Set(["a/"]));
  assert.equal(world.lookedAgain.length, 1);
});

test("[EN9] an ignore file that is left alone itself is not news", async () => {
  const world = open(undefined, (path) => path.endsWith(".satchelignore"));
  world.files.makeFolder("a");
  world.files.writeFile("a/.satchelignore", bytes("*.tmp"));
  await world.scanner.scanAll();
  assert.deepEqual(world.lookedAgain, []);
});

test("[EN18] hints below a folder that is looked at whole are looked at with it", async () => {
  const world = open();
  world.files.makeFolder("a");
  world.files.makeFolder("a/b");
  await world.scanner.scanAll();
  world.files.writeFile("a/b/f", bytes("f"));
  await world.scanner.scanHints(new Set(["a/b/f", "a/b/", "a/"]));
  assert.ok(world.ids().has("a/b/f"));
});

test("[EN1] [EN4] [EN5] in a very large folder what goes, comes, moves or changes its type is told apart as in any other", async () => {
  const world = open();
  world.files.makeFolder("large");
  for (let number = 0; number < 5100; number += 1) world.files.writeFile(`large/${number}`, bytes(`${number}`));
  world.files.makeFolder("large/folder");
  await world.scanner.scanAll();
  const before = world.ids();
  world.files.remove("large/1");
  world.files.rename("large/2", "large/moved");
  world.files.rename("large/3", "outside");
  world.files.writeFile("large/new", bytes("new"));
  world.files.remove("large/folder");
  world.files.writeFile("large/folder", bytes("a file now"));
  await world.scanner.scanAll();
  const after = world.ids();
  assert.equal(after.has("large/1"), false);
  assert.equal(after.get("large/moved"), before.get("large/2"));
  assert.equal(after.get("outside"), before.get("large/3"));
  assert.equal(world.find("large/folder")?.type, "file");
  assert.notEqual(after.get("large/folder"), before.get("large/folder"));
  assert.deepEqual([after.size, after.get("large/4")], [before.size, before.get("large/4")]);
});

test("[EN66] hints of some files in a very large folder ask for those, and of most of a folder list it", async () => {
  const asked: string[] = [];
  const world = open((operation) => {
    asked.push(operation);
  });
  world.files.makeFolder("large");
  for (let number = 0; number < 1500; number += 1) world.files.writeFile(`large/${number}`, bytes(`${number}`));
  await world.scanner.scanAll();
  const look = async (count: number): Promise<string[]> => {
    asked.length = 0;
    for (let number = 0; number < count; number += 1) world.files.writeFile(`large/${number}`, bytes(`edit ${count}`));
    await world.scanner.scanHints(new Set(Array.from({ length: count }, (_, number) => `large/${number}`)));
    assert.equal(world.find(`large/${count - 1}`)?.content, "unknown");
    return [...new Set(asked)];
  };
  assert.deepEqual(await look(300), ["stat"]);
  assert.deepEqual(await look(400), ["scan"]);
});

test("[EN65] a look at everything gives what it found out away folder by folder, and not in the end", async () => {
  const world = open();
  for (const folder of ["a", "b", "c"]) {
    world.files.makeFolder(folder);
    world.files.writeFile(`${folder}/f`, new Uint8Array());
  }
  await world.scanner.scanAll();
  assert.deepEqual(world.kept, [3, 4, 5, 6]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContractUser } from "../disk/contract/contract.fixture.ts";
import { fails, fingerprintOf, listAll, temporaryOf, text } from "../disk/contract/contract.fixture.ts";
import { describeDisk } from "../disk/contract/disk.contract.ts";
import { openVirtualDisk } from "../disk/virtual/virtual-disk.ts";
import { VirtualFileSystem } from "../disk/virtual/virtual-file-system.ts";
import type { Disk } from "../ports/disk.ts";
import { AliasBook } from "./alias-book.ts";
import { aliasOf, nameOf } from "./alias-name.ts";
import { aliasedDisk } from "./aliased-disk.ts";
import { macosNames, windowsNames, type NameRules } from "./name-rules.ts";

const nowNs = (): bigint => 1_700_000_000_000_000_000n;
/** The contract has hard links whose names differ in case only. */
const caring: NameRules = { ...windowsNames, foldsCase: false };

describeDisk("in memory, on which some names are aliases", () => {
  const files = new VirtualFileSystem({ nowNs, nameRules: caring });
  const open = (): Disk => aliasedDisk(openVirtualDisk(files), new AliasBook());
  return Promise.resolve({
    disk: open(),
    user: userOfAliases(files, caring),
    reopen: open,
    close: () => Promise.resolve(),
  });
});

/** A person who knows the aliases. */
function userOfAliases(files: VirtualFileSystem, rules: NameRules): ContractUser {
  const onDisk = (path: string): string =>
    path
      .split("/")
      .map((name) => aliasOf(name, rules))
      .join("/");
  const inTree = (path: string): string =>
    path
      .split("/")
      .map((name) => nameOf(name, rules).name)
      .join("/");
  return {
    writeFile: (path, bytes) => files.writeFile(onDisk(path), bytes),
    replaceFile: (path, bytes) => files.replaceFile(onDisk(path), bytes),
    makeFolder: (path) => files.makeFolder(onDisk(path)),
    symlink: (target, path) => files.symlink(target, onDisk(path)),
    link: (from, to) => files.link(onDisk(from), onDisk(to)),
    rename: (from, to) => files.rename(onDisk(from), onDisk(to)),
    remove: (path) => files.remove(onDisk(path)),
    setExecutable: (path, executable) => files.setExecutable(onDisk(path), executable),
    setModified: (path, modifiedMs) => files.setModified(onDisk(path), modifiedMs),
    readFile: (path) => files.readFile(onDisk(path)),
    snapshot: () => new Map([...files.snapshot()].map(([path, entry]) => [inTree(path), entry])),
  };
}

async function open(nameRules: NameRules) {
  const files = new VirtualFileSystem({ nowNs, nameRules });
  const book = new AliasBook();
  const disk = aliasedDisk(openVirtualDisk(files), book);
  await disk.prepareRoot("marker");
  const put = async (path: string, content: string): Promise<void> =>
    void (await disk.place(await temporaryOf(disk, text(content)), path, null));
  const read = async (path: string): Promise<string> => {
    const [file] = await disk.reader.readSmall([path]);
    assert.ok(file && "bytes" in file && file.bytes, `${path} can be read`);
    return Buffer.from(file.bytes).toString("utf8");
  };
  const listed = async (path = ""): Promise<string[]> =>
    [...((await listAll(disk)).get(path)?.entries ?? [])].map(({ name }) => name).toSorted();
  return { files, book, disk, put, read, listed };
}

test("[NM3] names that the disk takes for one are side by side, each with its content", async () => {
  for (const rules of [macosNames, windowsNames]) {
    const { files, disk, put, read, listed } = await open(rules);
    await put("Read.me", "1");
    await put("README", "other");
    await put("read.ME", "2");
    await put("READ.me", "3");
    assert.deepEqual([...files.snapshot().keys()].toSorted(), ["README", "READ‛③.me", "Read.me", "read‛②.ME"]);
    assert.deepEqual(await listed(), ["READ.me", "README", "Read.me", "read.ME"]);
    assert.deepEqual([await read("Read.me"), await read("read.ME"), await read("READ.me")], ["1", "2", "3"]);
    await fails(disk.makeFolder("READ.me"), "exists");
    assert.equal(await disk.stat("rEad.me"), undefined);
    await disk.removeFile("read.ME", await fingerprintOf(disk, "read.ME"));
    assert.deepEqual(await listed(), ["READ.me", "README", "Read.me"]);
    assert.equal(await read("READ.me"), "3");
  }
});

test("[NM3] folders, too: what is in each is its own", async () => {
  const { files, disk, put, read } = await open(macosNames);
  for (const folder of ["Docs", "docs"]) {
    await disk.makeFolder(folder);
    await put(`${folder}/a`, folder);
  }
  assert.deepEqual([...files.snapshot().keys()].toSorted(), ["Docs", "Docs/a", "docs‛②", "docs‛②/a"]);
  assert.deepEqual([await read("Docs/a"), await read("docs/a")], ["Docs", "docs"]);
  const listings = await listAll(disk, "docs");
  assert.deepEqual([...listings.keys()], ["docs"]);
  await disk.move("docs/a", "Docs/A");
  assert.equal(await read("Docs/A"), "docs");
  await disk.removeFolder("docs");
  assert.deepEqual([...files.snapshot().keys()].toSorted(), ["Docs", "Docs/A‛②", "Docs/a"]);
});

test("[NM3] NFC and NFD of a name are side by side where they are one name", async () => {
  for (const normalization of ["ignored", "decomposed"] as const) {
    const { disk, put, read, listed } = await open({ ...macosNames, normalization });
    await put("é", "NFC");
    await put("e\u{301}", "NFD");
    assert.deepEqual(await listed(), ["e\u{301}", "é"]);
    assert.deepEqual([await read("é"), await read("e\u{301}")], ["NFC", "NFD"]);
    await disk.removeFile("é", await fingerprintOf(disk, "é"));
    assert.equal(await read("e\u{301}"), "NFD");
  }
});

test("[NM7] what nobody keeps in mind is found again on the disk", async () => {
  const { files, put } = await open(windowsNames);
  await put("a", "a");
  await put("A", "A");
  await put("b:c", "b:c");
  const again = aliasedDisk(openVirtualDisk(files), new AliasBook());
  await again.prepareRoot("marker");
  for (const [path, content] of [
    ["A", "A"],
    ["a", "a"],
    ["b:c", "b:c"],
  ] as const) {
    const [file] = await again.reader.readSmall([path]);
    assert.ok(file && "bytes" in file && file.bytes);
    assert.equal(Buffer.from(file.bytes).toString("utf8"), content);
    assert.equal((await again.stat(path))?.type, "file");
  }
});

test("[NM7] a folder that a person moved takes the aliases in it along", async () => {
  const { files, disk, put, read, listed } = await open(windowsNames);
  await disk.makeFolder("x");
  await put("x/a", "a");
  await put("x/A", "A");
  files.rename("x", "y");
  assert.equal(await read("y/A"), "A");
  await disk.removeFile("y/A", await fingerprintOf(disk, "y/A"));
  assert.deepEqual(await listed("y"), ["a"]);
});

test("[NM8] a change of the letter case is a rename, wherever the alias is", async () => {
  const { files, disk, put, read } = await open(macosNames);
  await put("readme", "1");
  await disk.move("readme", "README");
  assert.deepEqual([...files.snapshot().keys()], ["README"]);
  await put("readme", "2");
  await disk.move("README", "other");
  await disk.move("readme", "Readme");
  assert.equal(await read("Readme"), "2");
  assert.equal(await read("other"), "1");
});

test("[NM2] a name that a person gave, and that only looks like an alias, is kept as it is", async () => {
  const { files, disk, read, listed, put } = await open(windowsNames);
  files.writeFile("‛90s", text("songs"));
  files.writeFile("x‛y", text("1"));
  assert.deepEqual(await listed(), ["x‛y", "‛90s"]);
  assert.equal(await read("‛90s"), "songs");
  assert.equal((await disk.stat("x‛y"))?.type, "file");
  await put("‛80s", "more");
  assert.deepEqual([...files.snapshot().keys()].toSorted(), ["x‛y", "‛80s", "‛90s"]);
});

test("[NM24] where two names on the disk stand for one, one of them is told and left alone", async () => {
  const { files, disk } = await open(windowsNames);
  files.writeFile("a", text("plain"));
  files.writeFile("a‛②", text("alias"));
  files.makeFolder("f");
  files.makeFolder("f‛③");
  files.writeFile("f‛③/inside", text("x"));
  const listings = await listAll(disk);
  const root = listings.get("");
  assert.deepEqual(root?.entries.map(({ name }) => name).toSorted(), ["a", "f"]);
  assert.deepEqual(root?.unreadable.map(({ name }) => name).toSorted(), ["a‛②", "f‛③"]);
  assert.match(root?.unreadable[0]?.reason ?? "", /stands for "a", and so does "a" beside it/);
  assert.deepEqual([...listings.keys()].toSorted(), ["", "f"]);
});

test("[NM5] a name that has no alias is refused in words for a person, and nothing is done", async () => {
  const { files, disk, put } = await open(windowsNames);
  const name = ":".repeat(200);
  await fails(put(name, "x"), "name_not_possible");
  await assert.rejects(disk.makeFolder(name), /The name has a ":" in it, and this disk can't hold it in any form/);
  assert.equal(await disk.stat(name), undefined);
  assert.equal(files.snapshot().size, 0);
});

test("[NM21] what has another name on the disk is told in a sentence, and only while it has", async () => {
  const { book, disk, put } = await open(windowsNames);
  await put("a:b", "1");
  await put("Word", "2");
  await put("word", "3");
  await put("plain", "4");
  const told = book.issues(() => true);
  assert.deepEqual(
    told.map(({ path, code }) => [path, code]),
    [
      ["a:b", "name_alias"],
      ["word", "name_alias"],
    ],
  );
  assert.equal(
    told[0]?.message,
    'On this device it is called "a‛：b", because the name has a ":" in it, which this disk can\'t hold. It is in sync; a new name given here is given everywhere.',
  );
  assert.match(
    told[1]?.message ?? "",
    /"word‛②", because another item beside it has a name that this disk takes for the same/,
  );
  await disk.removeFile("a:b", await fingerprintOf(disk, "a:b"));
  assert.deepEqual(
    book.issues((path) => path !== "word"),
    [],
  );
});

test("[NM21] more aliases than anybody reads are counted", () => {
  const book = new AliasBook();
  book.rules = windowsNames;
  for (let n = 0; n < 300; n += 1) book.note(`a:${n}`, `a‛：${n}`);
  const told = book.issues(() => true);
  assert.equal(told.length, 201);
  assert.equal(told.at(-1)?.message, "100 more items have another name on this disk; all are in sync.");
});

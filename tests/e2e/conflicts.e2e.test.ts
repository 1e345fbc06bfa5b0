import assert from "node:assert/strict";
import { chmod, mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { after, before, suite, test } from "node:test";
import type { Device } from "./support/device.ts";
import { waitForEqualFolders } from "./support/equal-folders.ts";
import { openStage, type Stage } from "./support/stage.ts";

const TIMEOUT_MS = 120_000;
let count = 0;

suite("changes on two devices that did not see each other's", () => {
  let stage: Stage;
  let a: Device;
  let b: Device;

  before(async () => {
    stage = await openStage({ devices: ["a", "b"] });
    [a, b] = [stage.device("a"), stage.device("b")];
  });
  after(async () => await stage[Symbol.asyncDispose]());

  /** Makes files for both, then lets A change what B can't see, and B what A can't, with A the first to commit. */
  async function apart(options: {
    first: (path: (name: string) => string) => Promise<void>;
    inA: (path: (name: string) => string) => Promise<void>;
    inB: (path: (name: string) => string) => Promise<void>;
  }): Promise<{ names: string[]; read: (name: string) => Promise<string> }> {
    const folder = `case-${(count += 1)}`;
    const pathIn = (device: Device) => (name: string) => device.path(folder, name);
    await mkdir(a.path(folder));
    const folders = [a.path(folder), b.path(folder)];
    await options.first(pathIn(a));
    await a.wait(120);
    await b.wait(120);
    await waitForEqualFolders({ folders, timeoutMs: TIMEOUT_MS });
    stage.network("b").cut();
    await options.inB(pathIn(b));
    await options.inA(pathIn(a));
    await a.wait(120);
    stage.network("b").heal();
    await b.wait(120);
    await a.wait(120);
    await waitForEqualFolders({ folders, timeoutMs: TIMEOUT_MS });
    const names = (await readdir(a.path(folder), { recursive: true })).toSorted();
    return { names, read: async (name) => await readFile(a.path(folder, name), "utf8") };
  }

  async function bothEdit(name: string): Promise<{ names: string[]; read: (name: string) => Promise<string> }> {
    return await apart({
      first: async (path) => await writeFile(path(name), "base"),
      inA: async (path) => await writeFile(path(name), "of a"),
      inB: async (path) => await writeFile(path(name), "of b"),
    });
  }

  test("two edits of one file: the first keeps the name, the other is a conflicted copy beside it", async () => {
    const { names, read } = await bothEdit("report.final.txt");
    assert.deepEqual(names, ["report.final (Conflicted copy).txt", "report.final.txt"]);
    assert.equal(await read("report.final.txt"), "of a");
    assert.equal(await read("report.final (Conflicted copy).txt"), "of b");
    const conflicts = JSON.parse(await a.satchel(["conflicts", "--json"])) as unknown[];
    assert.match(JSON.stringify(conflicts), /report\.final \(Conflicted copy\)\.txt/);
  });

  test("a conflicted copy of a name without an extension, and of one that starts with a dot", async () => {
    assert.deepEqual((await bothEdit("Makefile")).names, ["Makefile", "Makefile (Conflicted copy)"]);
    assert.deepEqual((await bothEdit(".bashrc")).names, [".bashrc", ".bashrc (Conflicted copy)"]);
  });

  test("a conflicted copy of a name of 255 bytes is shortened", async () => {
    const stem = "ü".repeat(125);
    const { names } = await bothEdit(`${stem}.txt`);
    assert.equal(names.length, 2);
    const copy = names.find((name) => name.includes("Conflicted"));
    assert.match(copy ?? "", /^ü+ \(Conflicted copy\)\.txt$/);
    assert.ok(Buffer.byteLength(copy ?? "") <= 255);
  });

  test("a second conflict of the same file gets a number", async () => {
    const { names } = await apart({
      first: async (path) => {
        await writeFile(path("x.txt"), "base");
        await writeFile(path("x (Conflicted copy).txt"), "taken");
      },
      inA: async (path) => await writeFile(path("x.txt"), "of a"),
      inB: async (path) => await writeFile(path("x.txt"), "of b"),
    });
    assert.deepEqual(names, ["x (Conflicted copy 2).txt", "x (Conflicted copy).txt", "x.txt"]);
  });

  test("[EN110] edits of different lines are merged, and what each side had is in the history", async () => {
    const { names, read } = await apart({
      first: async (path) => await writeFile(path("notes.md"), "# Notes\n\none\ntwo\nthree\n"),
      inA: async (path) => await writeFile(path("notes.md"), "# Notes\n\none of a\ntwo\nthree\n"),
      inB: async (path) => await writeFile(path("notes.md"), "# Notes\n\none\ntwo\nthree of b\n"),
    });
    assert.deepEqual(names, ["notes.md"]);
    assert.equal(await read("notes.md"), "# Notes\n\none of a\ntwo\nthree of b\n");
    const path = `/case-${count}/notes.md`;
    const versions = JSON.parse(await a.satchel(["versions", path, "--json"])) as { version: string; size: number }[];
    assert.deepEqual(
      versions.map(({ size }) => size),
      [33, 28, 28, 23],
    );
    await a.satchel(["restore", path, "--version", versions[1]?.version ?? ""]);
    await a.wait(120);
    assert.equal(await read("notes.md"), "# Notes\n\none\ntwo\nthree of b\n");
  });

  test("[CL71] [CL72] conflicts are resolved for both devices, whatever is kept, and what isn't can be had back", async () => {
    const kinds = ["mine", "theirs", "both", "merged"];
    const all = async (path: (name: string) => string, content: string): Promise<void> => {
      for (const kind of kinds) await writeFile(path(`${kind}.txt`), content);
    };
    const { names } = await apart({
      first: async (path) => await all(path, "base"),
      inA: async (path) => await all(path, "of a"),
      inB: async (path) => await all(path, "of b"),
    });
    assert.equal(names.length, 8);
    const folder = `case-${count}`;
    await writeFile(a.path(folder, "draft.txt"), "of both");
    await a.wait(120);
    const resolve = async (kind: string, ...more: string[]): Promise<{ kept: string; undo: string[] }[]> =>
      JSON.parse(await a.satchel(["resolve", `/${folder}/${kind}.txt`, "--keep", kind, "--json", ...more])) as {
        kept: string;
        undo: string[];
      }[];
    const [mine] = await resolve("mine");
    assert.deepEqual([mine?.kept, mine?.undo.length], ["mine", 2]);
    await resolve("merged", "--with", a.path(folder, "draft.txt"));
    await resolve("both");
    await a.satchel(["resolve", `/${folder}/the*`, "--keep", "theirs"]);
    for (const device of [a, b]) await device.wait(120);
    await waitForEqualFolders({ folders: [a.path(folder), b.path(folder)], timeoutMs: TIMEOUT_MS });
    const contents = await Promise.all(
      (await readdir(b.path(folder)))
        .toSorted()
        .map(async (name) => [name, await readFile(b.path(folder, name), "utf8")]),
    );
    assert.deepEqual(contents, [
      ["both (2).txt", "of b"],
      ["both.txt", "of a"],
      ["draft.txt", "of both"],
      ["merged.txt", "of both"],
      ["mine.txt", "of b"],
      ["theirs.txt", "of a"],
    ]);
    const left = JSON.parse(await a.satchel(["conflicts", "--json"])) as { path: string }[];
    assert.deepEqual(
      left.filter(({ path }) => path.startsWith(`/${folder}/`)),
      [],
    );
    await a.satchel(["restore", `/${folder}/theirs (Conflicted copy).txt`]);
    assert.match(await a.satchel(["conflicts", "--json"]), /theirs \(Conflicted copy\)/);
  });

  test("[CL75] a conflict is merged on the version that both sides were made from, once that needs no guess", async () => {
    const { names } = await apart({
      first: async (path) => await writeFile(path("x.txt"), "one\ntwo\nthree\n"),
      inA: async (path) => await writeFile(path("x.txt"), "one of a\ntwo\nthree\n"),
      inB: async (path) => await writeFile(path("x.txt"), "one of b\ntwo\nthree\n"),
    });
    assert.deepEqual(names, ["x (Conflicted copy).txt", "x.txt"]);
    const [folder, path] = [`case-${count}`, `/case-${count}/x.txt`];
    await assert.rejects(a.satchel(["resolve", path, "--keep", "merged"]), /both sides changed the same/);
    await writeFile(a.path(folder, "x (Conflicted copy).txt"), "one\ntwo\nthree of b\n");
    await a.wait(120);
    await a.satchel(["resolve", path, "--keep", "merged"]);
    await b.wait(120);
    assert.deepEqual(await readdir(b.path(folder)), ["x.txt"]);
    assert.equal(await readFile(b.path(folder, "x.txt"), "utf8"), "one of a\ntwo\nthree of b\n");
  });

  test("[EN113] a copy that is renamed on a device is resolved", async () => {
    await bothEdit("x.txt");
    const folder = `case-${count}`;
    await rename(a.path(folder, "x (Conflicted copy).txt"), a.path(folder, "of b.txt"));
    await a.wait(120);
    assert.doesNotMatch(await a.satchel(["conflicts", "--json"]), new RegExp(`/${folder}/`));
  });

  test("two edits to the same content are no conflict", async () => {
    const { names, read } = await apart({
      first: async (path) => await writeFile(path("x.txt"), "base"),
      inA: async (path) => await writeFile(path("x.txt"), "the same"),
      inB: async (path) => await writeFile(path("x.txt"), "the same"),
    });
    assert.deepEqual(names, ["x.txt"]);
    assert.equal(await read("x.txt"), "the same");
  });

  test("an edit survives a concurrent deletion, whichever is first", async () => {
    const one = await apart({
      first: async (path) => await writeFile(path("x.txt"), "base"),
      inA: async (path) => await rm(path("x.txt")),
      inB: async (path) => await writeFile(path("x.txt"), "edited in b"),
    });
    assert.deepEqual(one.names, ["x.txt"]);
    assert.equal(await one.read("x.txt"), "edited in b");
    const other = await apart({
      first: async (path) => await writeFile(path("x.txt"), "base"),
      inA: async (path) => await writeFile(path("x.txt"), "edited in a"),
      inB: async (path) => await rm(path("x.txt")),
    });
    assert.deepEqual(other.names, ["x.txt"]);
    assert.equal(await other.read("x.txt"), "edited in a");
  });

  test("an edit in a folder survives the folder's deletion", async () => {
    const { names, read } = await apart({
      first: async (path) => {
        await mkdir(path("folder"));
        await writeFile(path("folder/x.txt"), "base");
        await writeFile(path("folder/y.txt"), "base");
      },
      inA: async (path) => await rm(path("folder"), { recursive: true }),
      inB: async (path) => await writeFile(path("folder/x.txt"), "edited"),
    });
    assert.deepEqual(names, ["folder", "folder/x.txt"]);
    assert.equal(await read("folder/x.txt"), "edited");
  });

  test("a file and a folder of one name are both kept, the first to commit with the name", async () => {
    const { names } = await apart({
      first: async () => undefined,
      inA: async (path) => await writeFile(path("thing"), "a file"),
      inB: async (path) => {
        await mkdir(path("thing"));
        await writeFile(path("thing/inside.txt"), "inside");
      },
    });
    assert.deepEqual(names, ["thing", "thing (Conflicted copy)", "thing (Conflicted copy)/inside.txt"]);
  });

  test("a folder moved on one side takes along what the other edited, added and deleted in it", async () => {
    const { names, read } = await apart({
      first: async (path) => {
        await mkdir(path("docs"));
        for (const name of ["edit.txt", "delete.txt", "stay.txt"]) await writeFile(path(`docs/${name}`), "base");
      },
      inA: async (path) => await rename(path("docs"), path("papers")),
      inB: async (path) => {
        await writeFile(path("docs/edit.txt"), "edited");
        await writeFile(path("docs/new.txt"), "new");
        await rm(path("docs/delete.txt"));
      },
    });
    assert.deepEqual(names, ["papers", "papers/edit.txt", "papers/new.txt", "papers/stay.txt"]);
    assert.equal(await read("papers/edit.txt"), "edited");
  });

  test("new content on one side and a new mode on the other both apply", async () => {
    const { names, read } = await apart({
      first: async (path) => await writeFile(path("run"), "base", { mode: 0o644 }),
      inA: async (path) => await writeFile(path("run"), "edited"),
      inB: async (path) => await chmod(path("run"), 0o755),
    });
    assert.deepEqual(names, ["run"]);
    assert.equal(await read("run"), "edited");
    assert.notEqual((await stat(a.path(`case-${count}`, "run"))).mode & 0o100, 0);
  });

  test("of two moves of one file the first wins", async () => {
    const { names } = await apart({
      first: async (path) => await writeFile(path("x.txt"), "base"),
      inA: async (path) => await rename(path("x.txt"), path("of-a.txt")),
      inB: async (path) => await rename(path("x.txt"), path("of-b.txt")),
    });
    assert.deepEqual(names, ["of-a.txt"]);
  });

  test("of two moves that would make a folder its own ancestor the first wins", async () => {
    const { names } = await apart({
      first: async (path) => {
        await mkdir(path("one"));
        await mkdir(path("two"));
        await writeFile(path("one/1.txt"), "1");
        await writeFile(path("two/2.txt"), "2");
      },
      inA: async (path) => await rename(path("one"), path("two/one")),
      inB: async (path) => await rename(path("two"), path("one/two")),
    });
    assert.deepEqual(names, ["two", "two/2.txt", "two/one", "two/one/1.txt"]);
  });

  test("a conflicted copy that a person has deleted is no longer listed", async () => {
    const listed = JSON.parse(await a.satchel(["conflicts", "--json"])) as { path: string }[];
    assert.ok(listed.length > 0);
    for (const { path } of listed) await rm(a.path(path), { recursive: true, force: true });
    await a.wait(120);
    assert.deepEqual(JSON.parse(await a.satchel(["conflicts", "--json"])), []);
  });
});

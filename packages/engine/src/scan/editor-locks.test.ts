import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorLocks, maxEditorLocks } from "./editor-locks.ts";
import { openScanner } from "./scanner.fixture.ts";

const isLock = (path: string): boolean => /(?:^|\/)(?:\.~lock\..*#|~\$.*|\..*\.sw[a-p])$/.test(path);

test("[PR5] files beside which an editor put a lock file are open until it is gone, and lock files are in no tree", async () => {
  const world = openScanner(undefined, isLock);
  const { files, scanner, state } = world;
  files.makeFolder("docs");
  for (const name of ["table.ods", "report.docx", "notes.txt", "other.txt"])
    files.writeFile(`docs/${name}`, Buffer.from("text"));
  for (const name of [".~lock.table.ods#", "~$port.docx", ".notes.txt.swp"])
    files.writeFile(`docs/${name}`, Buffer.from("lock"));
  await scanner.scanAll();
  const open = (): string[] => {
    const paths = scanner.locks.openFiles(state).map((id) => state.localPath(id) ?? "");
    return paths.toSorted((a, b) => (a < b ? -1 : 1));
  };
  assert.deepEqual(open(), ["docs/notes.txt", "docs/report.docx", "docs/table.ods"]);
  assert.deepEqual(world.names().filter(isLock), []);
  files.remove("docs/~$port.docx");
  await scanner.scanHints(new Set(["docs/~$port.docx"]));
  assert.deepEqual(open(), ["docs/notes.txt", "docs/table.ods"]);
  files.remove("docs/.notes.txt.swp");
  await scanner.scanAll();
  assert.deepEqual(open(), ["docs/table.ods"]);
});

test("[PR5] of more lock files than are remembered, the new ones are not", () => {
  const { state } = openScanner();
  const locks = new EditorLocks();
  for (let i = 0; i < maxEditorLocks + 5; i++) locks.see(state.rootId, `~$${i}`, true);
  locks.keepOnly(state.rootId, () => new Set([`~$${maxEditorLocks + 1}`]));
  assert.deepEqual(locks.openFiles(state), []);
});

test("[PR5] a lock file that came by synchronisation tells of nobody on this device, and one in a folder that is gone is forgotten", async () => {
  const { files, scanner, state } = openScanner();
  files.makeFolder("docs");
  for (const name of ["table.ods", ".~lock.table.ods#", "report.docx", "~$port.docx"])
    files.writeFile(`docs/${name}`, Buffer.from("text"));
  // Nothing is ignored here: all four are in the tree.
  await scanner.scanAll();
  assert.deepEqual(scanner.locks.openFiles(state), []);
  const locks = new EditorLocks();
  const gone = "of nobody" as typeof state.rootId;
  for (let i = 0; i < maxEditorLocks; i++) locks.see(gone, `~$${i}`, true);
  assert.deepEqual(locks.openFiles(state), []);
  const docs = state.local.findChild(state.rootId, "docs")?.id ?? state.rootId;
  locks.see(docs, ".table.ods.swp", true);
  assert.deepEqual(locks.openFiles(state), [state.local.findChild(docs, "table.ods")?.id]);
});

test("[PR5] while nobody changes a folder, it is gone through once for its lock files, however often one asks", () => {
  const { state } = openScanner();
  const locks = new EditorLocks();
  let lookedThrough = 0;
  const local = new Proxy(state.local, {
    get(target, key) {
      if (key === "childNames") lookedThrough += 1;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  for (const name of ["~$port.docx", "~$tes.docx"]) locks.see(state.rootId, name, true);
  for (let i = 0; i < 3; i++) locks.openFiles({ local });
  assert.equal(lookedThrough, 1);
  locks.looked(state.rootId);
  locks.openFiles({ local });
  assert.equal(lookedThrough, 2);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import type { Entry } from "../files/entry.ts";
import { emptyFolder, treeOfFiles, type DroppedFolder } from "./dropped-tree.ts";
import { planUploads, type Clash, type ClashAnswer, type UploadPlan } from "./plan-uploads.ts";

function entry(id: string, name: string, type: Entry["type"] = "file"): Entry {
  return { id: id as EntryId, name, type, latest_version: type === "file" ? `${id}-v1` : null } as Entry;
}

const tree: Record<string, Entry[]> = {
  root: [entry("f1", "a.txt"), entry("d1", "docs", "folder"), entry("d2", "b.txt", "folder")],
  d1: [entry("f2", "in docs.txt")],
};

function plan(dropped: DroppedFolder, answer: ClashAnswer, asked: Clash[] = []): Promise<UploadPlan> {
  let ids = 0;
  return planUploads(dropped, "root" as EntryId, {
    newId: () => `new${++ids}` as EntryId,
    list: async (id) => tree[id] ?? [],
    answer: async (clash) => {
      asked.push(clash);
      return answer;
    },
  });
}

function dropped(paths: readonly string[], emptyFolders: readonly string[] = []): DroppedFolder {
  const files = paths.map((path) => {
    const file = new File(["x"], path.split("/").at(-1) ?? "");
    Object.defineProperty(file, "webkitRelativePath", { value: path.includes("/") ? path : "" });
    return file;
  });
  const root = treeOfFiles(files);
  for (const name of emptyFolders) root.folders.set(name, emptyFolder());
  return root;
}

const targets = ({ uploads }: UploadPlan): unknown[] =>
  uploads.map(({ name, target }) => [name, target.kind, target.id]);

test("[WB7] a taken name asks, and what the person says is done", async () => {
  const asked: Clash[] = [];
  assert.deepEqual(targets(await plan(dropped(["a.txt", "new.txt"]), "replace", asked)), [
    ["a.txt", "edit", "f1"],
    ["new.txt", "create", "new1"],
  ]);
  assert.deepEqual(
    asked.map(({ name }) => name),
    ["a.txt"],
  );
  assert.deepEqual(targets(await plan(dropped(["a.txt"]), "keep_both")), [["a (2).txt", "create", "new1"]]);
  assert.deepEqual(targets(await plan(dropped(["a.txt"]), "skip")), []);
});

test("[WB7] a file never replaces a folder", async () => {
  assert.deepEqual(targets(await plan(dropped(["b.txt"]), "replace")), [["b (2).txt", "create", "new1"]]);
});

test("[WB7] folders merge into those of their names, and empty ones are created too", async () => {
  const { folders, uploads } = await plan(
    dropped(["docs/in docs.txt", "docs/sub/deep.txt", "fresh/x.txt"], ["empty"]),
    "skip",
  );
  assert.deepEqual(
    folders.map((folder) => folder.op === "create_folder" && [folder.parent_id, folder.name]),
    [
      ["d1", "sub"],
      ["root", "fresh"],
      ["root", "empty"],
    ],
  );
  assert.deepEqual(
    uploads.map(({ name }) => name),
    ["deep.txt", "x.txt"],
  );
});

test("[WB7] a dropped folder beside a file of its name gets a name of its own", async () => {
  const { folders } = await plan(dropped(["a.txt/x.txt"]), "skip");
  assert.deepEqual(
    folders.map((folder) => folder.op === "create_folder" && folder.name),
    ["a (2).txt"],
  );
});

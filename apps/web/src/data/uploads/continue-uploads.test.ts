import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId, WorkspaceId } from "@satchel/protocol";
import { matchPicked, reopenUploads } from "./continue-uploads.ts";
import type { RememberedUpload } from "./upload-memory.ts";

function left(path: string, sizeBytes: number, handle?: Partial<FileSystemFileHandle>): RememberedUpload {
  const id = `id of ${path}` as EntryId;
  return {
    key: path,
    page: "p",
    workspaceId: "w" as WorkspaceId,
    name: `${path} there`,
    path,
    sizeBytes,
    folderId: "f" as EntryId,
    target: { kind: "create", id, parentId: "f" as EntryId, name: `${path} there` },
    handle: handle as FileSystemFileHandle | undefined,
  };
}

function picked(path: string, content: string): File {
  const file = new File([content], path.slice(path.lastIndexOf("/") + 1));
  return Object.defineProperty(file, "webkitRelativePath", { value: path.includes("/") ? path : "" });
}

test("[WB11] files that are picked again are known by their paths, in a folder also by name and size", () => {
  const uploads = [left("a.txt", 1), left("dir/b.txt", 2), left("dir/c.txt", 3), left("gone.txt", 4)];
  const { wanted, still } = matchPicked(uploads, [
    picked("a.txt", "x"),
    picked("dir/b.txt", "xx"),
    picked("c.txt", "x"),
  ]);
  assert.deepEqual(
    wanted.map(({ name, file }) => [name, file.name]),
    [
      ["a.txt there", "a.txt"],
      ["dir/b.txt there", "b.txt"],
    ],
  );
  assert.deepEqual(
    still.map(({ path }) => path),
    ["dir/c.txt", "gone.txt"],
  );
  assert.deepEqual(wanted[0]?.target, uploads[0]?.target, "it goes where it was going");
});

test("[WB11] a file with a handle is opened again without being picked, unless the person refuses or it is gone", async () => {
  const getFile = async (): Promise<File> => new File(["x"], "a.txt");
  const asks = (answer: PermissionState) => ({
    getFile,
    queryPermission: async () => "prompt",
    requestPermission: async () => answer,
  });
  const { wanted, still } = await reopenUploads([
    left("granted", 1, { getFile }),
    left("asked", 1, asks("granted")),
    left("refused", 1, asks("denied")),
    left("deleted", 1, { getFile: () => Promise.reject(new Error("gone")) }),
    left("without", 1),
  ]);
  assert.deepEqual(
    wanted.map(({ name }) => name),
    ["granted there", "asked there"],
  );
  assert.deepEqual(
    still.map(({ path }) => path),
    ["refused", "deleted", "without"],
  );
});

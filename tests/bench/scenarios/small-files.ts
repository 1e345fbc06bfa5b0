import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeTree, realisticSizes, type MadeFile } from "../data/generate.ts";
import { both, filesGone, filesShown } from "../measure/expectations.ts";
import { filesToEdit, measureEdits } from "./edits.ts";
import { measure, type Session } from "./session.ts";

const ROOT = "small";
const FOLDER = "top-0";
const RENAMED = "renamed";

/** s2, s3, s6 and s9: a tree of small files comes, is edited, has a folder renamed, and goes. */
export async function playSmallFiles(session: Session): Promise<void> {
  const { scenarios } = session.options;
  const files = await add(session);
  if (scenarios.has("s3")) {
    // In a folder that s6 leaves alone.
    const last = files.slice(-session.options.scale.foldersInEach * session.options.scale.filesInEach);
    const paths = filesToEdit(
      session,
      last.map(({ path }) => path),
      5,
    );
    await measureEdits(session, { scenario: "s3", row: "s3 edit 4 KiB" }, paths);
  }
  const renamed = scenarios.has("s6");
  if (renamed) await renameFolder(session, files);
  if (scenarios.has("s9")) await deleteAll(session, renamed ? files.map(afterRename) : files);
}

async function add(session: Session): Promise<MadeFile[]> {
  const { a, b, staging, options } = session;
  const { topFolders, foldersInEach, filesInEach, smallFilesBytes } = options.scale;
  const sizes = realisticSizes(topFolders * foldersInEach * filesInEach, smallFilesBytes, "small files");
  const made = makeTree(join(staging, ROOT), { topFolders, foldersInEach, filesInEach, sizes, seed: "small files" });
  const files = made.map((file) => ({ ...file, path: `${ROOT}/${file.path}` }));
  await measure(session, {
    scenario: "s2",
    row: `s2 add ${files.length} files`,
    change: () => {
      renameSync(join(staging, ROOT), join(a, ROOT));
      return { kind: "write", path: ROOT };
    },
    shown: filesShown(b, files),
  });
  return files;
}

async function renameFolder(session: Session, files: readonly MadeFile[]): Promise<void> {
  const { a, b } = session;
  const inside = files.filter(({ path }) => path.startsWith(`${ROOT}/${FOLDER}/`));
  const [from, to] = [`${ROOT}/${FOLDER}`, `${ROOT}/${RENAMED}`];
  await measure(session, {
    scenario: "s6",
    row: `s6 rename a folder of ${inside.length}`,
    change: () => {
      renameSync(join(a, from), join(a, to));
      return { kind: "move", path: from, to };
    },
    shown: both(filesShown(b, inside.map(afterRename)), filesGone(b, inside)),
  });
}

async function deleteAll(session: Session, files: readonly MadeFile[]): Promise<void> {
  const { a, b } = session;
  await measure(session, {
    scenario: "s9",
    row: `s9 delete ${files.length} files`,
    change: () => {
      rmSync(join(a, ROOT), { recursive: true });
      return { kind: "remove", path: ROOT };
    },
    shown: both(filesGone(b, files), filesGone(b, [{ path: ROOT, sizeBytes: 0 }])),
  });
}

/** Where a file is after s6; s3 may have changed its size, but not in the folder that s6 renames. */
function afterRename(file: MadeFile): MadeFile {
  const from = `${ROOT}/${FOLDER}/`;
  return file.path.startsWith(from) ? { ...file, path: `${ROOT}/${RENAMED}/${file.path.slice(from.length)}` } : file;
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Makes files of 16 bytes, no two alike, evenly in folders: `folder-0007/file-0000042`. */
export function makeFiles(root: string, { files, folders }: { files: number; folders: number }): void {
  for (let folder = 0; folder < folders; folder += 1) {
    const path = join(root, `folder-${String(folder).padStart(4, "0")}`);
    mkdirSync(path, { recursive: true });
    for (let file = folder; file < files; file += folders)
      writeFileSync(join(path, `file-${String(file).padStart(7, "0")}`), `${String(file).padStart(15, "0")}\n`);
  }
}

import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type { ContractUser } from "./contract.fixture.ts";
import { toDiskStatAt, toUtimesSeconds } from "../disk-stat.ts";
import { joinPath, ownFolder } from "../own-folder.ts";
import type { VirtualEntry } from "../virtual/virtual-file-system.ts";

/** A person's doings in a real folder. */
export function nodeUser(root: string): ContractUser {
  const at = (path: string): string => `${root}/${path}`;
  return {
    writeFile: (path, bytes) => writeFileSync(at(path), bytes),
    replaceFile(path, bytes) {
      writeFileSync(at(`${path}.new`), bytes);
      const mode = lstatSync(at(path), { throwIfNoEntry: false })?.mode;
      if (mode !== undefined) chmodSync(at(`${path}.new`), mode & 0o777);
      renameSync(at(`${path}.new`), at(path));
    },
    makeFolder: (path) => void mkdirSync(at(path), { recursive: true }),
    symlink: (target, path) => symlinkSync(target, at(path)),
    link: (from, to) => linkSync(at(from), at(to)),
    rename: (from, to) => renameSync(at(from), at(to)),
    remove: (path) => rmSync(at(path), { recursive: true }),
    setExecutable: (path, executable) => chmodSync(at(path), executable ? 0o755 : 0o644),
    setModified: (path, modifiedMs) => utimesSync(at(path), toUtimesSeconds(modifiedMs), toUtimesSeconds(modifiedMs)),
    readFile: (path) => new Uint8Array(readFileSync(at(path))),
    snapshot: () => snapshot(root),
  };
}

function snapshot(root: string): Map<string, VirtualEntry> {
  const entries = new Map<string, VirtualEntry>();
  const visit = (folder: string): void => {
    for (const name of readdirSync(`${root}/${folder}`)) {
      const path = joinPath(folder, name);
      if (path === ownFolder) continue;
      const entry = entryAt(`${root}/${path}`);
      entries.set(path, entry);
      if (entry.type === "folder") visit(path);
    }
  };
  visit("");
  return new Map([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function entryAt(absolute: string): VirtualEntry {
  const { type, modifiedMs, executable } = toDiskStatAt(lstatSync(absolute, { bigint: true }), absolute);
  if (type === "folder") return { type };
  if (type === "link") return { type, target: readlinkSync(absolute) };
  return { type: "file", bytes: new Uint8Array(readFileSync(absolute)), modifiedMs, executable };
}

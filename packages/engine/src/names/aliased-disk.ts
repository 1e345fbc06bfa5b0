import { mustStayInside } from "../disk/guarded-path.ts";
import { isOwn, joinPath, parentPath } from "../disk/own-folder.ts";
import {
  DiskError,
  type ContentReader,
  type ContentWriter,
  type Disk,
  type DiskStat,
  type Piece,
} from "../ports/disk.ts";
import { aliasOf, maxNamesakes, possibleNames } from "./alias-name.ts";
import { noAlias, type AliasBook } from "./alias-book.ts";
import { scanAliased } from "./scan-aliased.ts";

/**
 * A disk on which every name can be had: what the disk can't hold is there under an alias, which only the disk sees. A disk that holds all names is used as it is.
 *
 * An entry is first looked for where it most likely is. That can't be another entry, since a disk finds an entry under no name but the one that its folder lists; so only a miss makes it look for the other
 * forms that the name may have. What is new gets the first form that is free.
 */
export function aliasedDisk(disk: Disk, book: AliasBook): Disk {
  let current = disk;
  const aliased = aliasAll(disk, book);
  return {
    async prepareRoot(marker) {
      const identity = await disk.prepareRoot(marker);
      book.rules = await disk.nameRules();
      current = book.isNeeded ? aliased : disk;
      return identity;
    },
    rootIdentity: () => disk.rootIdentity(),
    nameRules: () => disk.nameRules(),
    scan: (path, options) => current.scan(path, options),
    stat: (path) => current.stat(path),
    makeFolder: (path) => current.makeFolder(path),
    move: (from, to) => current.move(from, to),
    removeFile: (path, fingerprint) => current.removeFile(path, fingerprint),
    removeFolder: (path) => current.removeFolder(path),
    place: (temporary, path, expected) => current.place(temporary, path, expected),
    placeLink: (target, path, expected) => current.placeLink(target, path, expected),
    setAttributes: (path, attributes) => current.setAttributes(path, attributes),
    discard: (temporary) => disk.discard(temporary),
    settle: () => disk.settle(),
    isUnsettled: () => disk.isUnsettled(),
    get reader() {
      return current.reader;
    },
    get writer() {
      return current.writer;
    },
    close: () => disk.close(),
  };
}

type AliasedMethod =
  | "scan"
  | "stat"
  | "makeFolder"
  | "move"
  | "removeFile"
  | "removeFolder"
  | "place"
  | "placeLink"
  | "setAttributes";

function aliasAll(disk: Disk, book: AliasBook): Disk {
  const paths = aliasedPaths(disk, book);
  const names: Pick<Disk, AliasedMethod> = {
    scan: (path, options) => scanAliased({ disk, book, find: paths.find }, path, options),
    stat: (path) => paths.stat(path),
    makeFolder: (path) => paths.takeFree(path, (at) => disk.makeFolder(at)),
    async move(from, to) {
      const stat = await paths.useThere(from, (at) => paths.takeFree(to, (free) => disk.move(at, free)));
      book.moved(from, to);
      return stat;
    },
    async removeFile(path, fingerprint) {
      await paths.useThere(path, (at) => disk.removeFile(at, fingerprint));
      book.forget(path);
    },
    async removeFolder(path) {
      await paths.useThere(path, (at) => disk.removeFolder(at));
      book.forget(path);
    },
    place: (temporary, path, expected) => paths.put(path, expected, (at) => disk.place(temporary, at, expected)),
    placeLink: (target, path, expected) => paths.put(path, expected, (at) => disk.placeLink(target, at, expected)),
    setAttributes: (path, attributes) => paths.useThere(path, (at) => disk.setAttributes(at, attributes)),
  };
  return { ...disk, ...names, reader: aliasedReader(disk.reader, paths), writer: aliasedWriter(disk.writer, paths) };
}

type Work<Result> = (path: string) => Promise<Result>;

interface AliasedPaths {
  /** Where on the disk an entry most likely is. */
  guess(path: string): string;
  /** Where on the disk an entry is; undefined when it is not there. */
  find(path: string): Promise<string | undefined>;
  stat(path: string): Promise<DiskStat | undefined>;
  /** Does something with an entry that is there. @throws DiskError `gone` when it isn't */
  useThere<Result>(path: string, work: Work<Result>): Promise<Result>;
  /** Does something that takes a free name. @throws DiskError `exists` when the entry is there, `name_not_possible` when no form of the name is to be had */
  takeFree<Result>(path: string, work: Work<Result>): Promise<Result>;
  put<Result>(path: string, expected: string | null, work: Work<Result>): Promise<Result>;
}

function aliasedPaths(disk: Disk, book: AliasBook): AliasedPaths {
  /** The forms of each name on the way, looked for one after the other. */
  async function find(path: string): Promise<string | undefined> {
    if (path === "" || isOwn(path)) return path;
    const folder = await find(parentPath(path));
    if (folder === undefined) return undefined;
    const candidates = possibleNames(nameIn(path), book.rules);
    const seen = await Promise.all(candidates.map((name) => disk.stat(joinPath(folder, name))));
    const listed = candidates[seen.findIndex((stat) => stat !== undefined)];
    if (listed === undefined) return undefined;
    book.note(path, listed);
    return joinPath(folder, listed);
  }

  const guess = (path: string): string => {
    mustStayInside(path);
    return isOwn(path) ? path : book.toDisk(path);
  };

  async function stat(path: string): Promise<DiskStat | undefined> {
    const likely = guess(path);
    const there = await disk.stat(likely);
    if (there !== undefined) {
      if (path !== "" && !isOwn(path)) book.note(path, nameIn(likely));
      return there;
    }
    const found = await find(path);
    if (found === undefined) book.forget(path);
    return found === undefined || found === likely ? undefined : disk.stat(found);
  }

  async function useThere<Result>(path: string, work: Work<Result>): Promise<Result> {
    const likely = guess(path);
    try {
      return await work(likely);
    } catch (error) {
      if (!isDiskError(error, "gone") && !isDiskError(error, "changed")) throw error;
      const found = await find(path);
      if (found === undefined || found === likely) throw error;
      return work(found);
    }
  }

  async function takeFree<Result>(path: string, work: Work<Result>): Promise<Result> {
    mustStayInside(path);
    if (isOwn(path)) return work(path);
    return useThere(parentPath(path), (folder) => takeFreeIn(folder, path, work));
  }

  async function takeFreeIn<Result>(folder: string, path: string, work: Work<Result>): Promise<Result> {
    for (let nth = 1; nth <= maxNamesakes; nth += 1) {
      const listed = aliasOf(nameIn(path), book.rules, nth);
      if (listed === undefined) break;
      const at = joinPath(folder, listed);
      try {
        const result = await work(at);
        book.note(path, listed);
        return result;
      } catch (error) {
        // Under this very name it is the entry itself; otherwise another one has a name that the disk takes for the same.
        if (!isDiskError(error, "exists") || (await disk.stat(at)) !== undefined) throw error;
      }
    }
    throw noAlias(path, book.rules);
  }

  const put = <Result>(path: string, expected: string | null, work: Work<Result>): Promise<Result> =>
    expected === null ? takeFree(path, work) : useThere(path, work);
  return { guess, find, stat, useThere, takeFree, put };
}

function aliasedReader(reader: ContentReader, paths: AliasedPaths): ContentReader {
  return {
    async readSmall(wanted) {
      const likely = wanted.map(paths.guess);
      const outcomes = await reader.readSmall(likely);
      const again = outcomes.map(async (outcome, index) => {
        const found = isDiskError(outcome, "gone") ? await paths.find(wanted[index] ?? "") : undefined;
        if (found === undefined || found === likely[index]) return outcome;
        return (await reader.readSmall([found]))[0] ?? outcome;
      });
      return Promise.all(again);
    },
    cut: (path, options) => paths.useThere(path, (at) => reader.cut(at, options)),
    readChunks: (path, chunks, into) => paths.useThere(path, (at) => reader.readChunks(at, chunks, into)),
  };
}

/** Contents that are in other files are taken from where those most likely are; where they aren't, the server has them. */
function aliasedWriter(writer: ContentWriter, paths: AliasedPaths): ContentWriter {
  const translate = (piece: Piece): Piece => {
    const { source } = piece;
    return source.from === "server" ? piece : { ...piece, source: { ...source, path: paths.guess(source.path) } };
  };
  return {
    writeSmall: (files) => writer.writeSmall(files),
    assemble: (file) => writer.assemble({ ...file, pieces: file.pieces.map(translate) }),
  };
}

function isDiskError(error: unknown, code: DiskError["code"]): boolean {
  return error instanceof DiskError && error.code === code;
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

import { lstat, mkdir, readlink, realpath, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Where a program works, an empty folder that becomes its root, and what it has to read besides the system. */
export interface ProgramPlaces {
  readonly folder: string;
  readonly root: string;
  readonly reads: readonly string[];
}

/** Programs, libraries, and, of what is set up on the machine, only fonts and what finds libraries. */
const systemPaths = [
  ..."/bin /sbin /lib /lib32 /lib64 /libx32 /usr /nix/store".split(" "),
  ..."fonts alternatives ld.so.cache ld.so.conf ld.so.conf.d localtime".split(" ").map((name) => `/etc/${name}`),
];
const devices = ["null", "zero", "random", "urandom"].map((name) => `/dev/${name}`);
const oldRoot = "outside";

/**
 * What a shell does in namespaces of its own: it mounts what is to be there, and leaves all else behind. `pivot_root` and not `chroot`, which a program could leave again; and without capabilities afterwards, it can mount nothing. Few processes: they are what it costs.
 * Its words: the new root, the table of mounts, the program's folder, and then the program.
 */
const script = `set -e
root=$1 table=$2 folder=$3
shift 3
mount -n --bind "$root" "$root"
mount -n --all --fstab "$table"
cd "$root"
PATH="$PATH:/usr/sbin:/sbin" pivot_root . ${oldRoot}
cd "$folder"
umount -n -l /${oldRoot}
mount -n -o remount,bind,ro /
exec setpriv --bounding-set -all --inh-caps -all --no-new-privs -- "$@"`;

/** Prepares a root folder of nothing but the system's programs and libraries, to be read only, and the program's own folder. Answers the words that come before those of a program. */
export async function confine(places: ProgramPlaces, has: { readonly ownProc: boolean }): Promise<readonly string[]> {
  const { root, folder } = places;
  const table = `${root}.fstab`;
  const mounts = [has.ownProc ? "proc PROC proc rw 0 0" : "/proc PROC none rbind 0 0"].map((line) =>
    line.replace("PROC", escaped(join(root, "proc"))),
  );
  for (const name of ["proc", oldRoot]) await mkdir(join(root, name));
  const kept: string[] = [];
  const keep = async (path: string, options: string): Promise<void> => {
    if (kept.some((above) => path === above || path.startsWith(`${above}/`))) return;
    const found = await lstat(path).catch(() => undefined);
    if (!found) return;
    kept.push(path);
    await mkdir(join(root, dirname(path)), { recursive: true });
    if (found.isSymbolicLink()) return await symlink(await readlink(path), join(root, path));
    if (found.isDirectory()) await mkdir(join(root, path), { recursive: true });
    else await writeFile(join(root, path), "", { flag: "a" });
    mounts.push(`${escaped(path)} ${escaped(join(root, path))} none ${options} 0 0`);
  };
  for (const path of systemPaths) await keep(path, "rbind,ro");
  for (const path of places.reads) for (const each of [await realpath(path), path]) await keep(each, "rbind,ro");
  for (const path of devices) await keep(path, "bind");
  await keep(folder, "bind");
  await writeFile(table, `${mounts.join("\n")}\n`);
  return ["sh", "-c", script, "sh", root, table, folder];
}

/** As fstab(5) wants a path's letters. */
function escaped(path: string): string {
  return path.replaceAll(/[\s\\#]/g, (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

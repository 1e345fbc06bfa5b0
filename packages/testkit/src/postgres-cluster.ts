import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chown } from "node:fs/promises";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./guarded-server.ts";
import { temporaryDirectory, type TemporaryDirectory } from "./temporary-directory.ts";

/** A PostgreSQL server that belongs to this process. */
export interface PostgresCluster {
  /** Of its maintenance database, as superuser. */
  readonly url: string;
  /** Ends the server and removes its files. Stopping twice is no error. */
  stop(): Promise<void>;
}

const DEBIAN_FOLDER = "/usr/lib/postgresql";
const START_TIMEOUT_MS = 60_000;
/** Between choosing a free port and using it, another process may take it. */
const MAX_PORT_ATTEMPTS = 5;

const SETTINGS = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "fsync=off",
  "full_page_writes=off",
  "max_connections=200",
  "lc_messages=C",
];

/**
 * The server and a guard beside it: the guard reads a pipe that only our process holds, so it ends the server and
 * removes the files even when we are killed without a chance to do it.
 */
const GUARDED_SERVER = `
server=$1 data=$2 files=$3; shift 3
exec 3<&0
"$server" -D "$data" "$@" 3<&- &
pid=$!
(cat <&3 >/dev/null; kill -QUIT $pid 2>/dev/null) &
exec 3<&-
wait $pid
rm -rf "$files"
`;

/** The folder with initdb, postgres and psql, the newest if there are several; undefined when PostgreSQL is missing. */
export function postgresBinaries(): string | undefined {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  const debian = versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN_FOLDER, version, "bin"));
  const onPath = (process.env["PATH"] ?? "").split(delimiter);
  const needed = ["initdb", "postgres", "psql"];
  return [...debian, ...onPath].find((folder) => needed.every((name) => existsSync(join(folder, name))));
}

/** The same. @throws when it is missing, saying how to get it */
export function binariesOrThrow(): string {
  const binaries = postgresBinaries();
  if (binaries !== undefined) return binaries;
  throw new Error(
    "PostgreSQL is not installed. On Debian or Ubuntu: `apt-get install postgresql`; `npm test` does it as root or with sudo.",
  );
}

const NEW_DATABASE: FilesOf = {
  program: "initdb",
  parameters: (data) => ["-D", data, "-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
};

/** What makes the files that a server begins with. */
export interface FilesOf {
  /** Of PostgreSQL's own. */
  readonly program: string;
  readonly parameters: (data: string) => readonly string[];
}

/** Starts a private server in about two seconds: an empty one, or over the files that another program makes. */
export async function startCluster(filesOf: FilesOf = NEW_DATABASE): Promise<PostgresCluster> {
  const binaries = binariesOrThrow();
  const owner = serverOwner();
  // A superuser's own temporary folder may be closed to the account that the server runs as.
  const files = await (owner === undefined ? temporaryDirectory("postgres") : temporaryDirectory("postgres", "/tmp"));
  try {
    if (owner !== undefined) await chown(files.path, owner.uid, owner.gid);
    await promisify(execFile)(join(binaries, filesOf.program), filesOf.parameters(files.join("data")), {
      ...owner,
      cwd: files.path,
    });
    return await startOnFreePort({ binaries, files, owner });
  } catch (error) {
    await files.remove();
    throw error;
  }
}

interface Owner {
  uid: number;
  gid: number;
}

interface Startable {
  binaries: string;
  files: TemporaryDirectory;
  owner: Owner | undefined;
}

async function startOnFreePort(startable: Startable): Promise<PostgresCluster> {
  let lastLog = "";
  for (let attempt = 0; attempt < MAX_PORT_ATTEMPTS; attempt += 1) {
    const port = await freePort();
    const guard = startGuard(startable, port);
    const log = await untilReady(guard);
    if (log === undefined) return running(guard, startable.files, port);
    lastLog = log;
    if (!lastLog.includes("could not bind")) break;
  }
  throw new Error(`PostgreSQL did not start:\n${lastLog}`);
}

function startGuard({ binaries, files, owner }: Startable, port: number): ChildProcess {
  const settings = [...SETTINGS, `port=${port}`].flatMap((setting) => ["-c", setting]);
  const server = [join(binaries, "postgres"), files.join("data"), files.path, ...settings];
  // A process group of its own: Ctrl-C ends the tests, and the closing pipe then ends this.
  const options = { ...owner, cwd: "/", detached: true, stdio: ["pipe", "ignore", "pipe"] as const };
  return spawn("/bin/sh", ["-c", GUARDED_SERVER, "satchel-postgres", ...server], {
    ...options,
    stdio: [...options.stdio],
  });
}

/** Undefined once the server accepts connections, or what it said if it ended instead. */
async function untilReady(guard: ChildProcess): Promise<string | undefined> {
  let log = "";
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const timer = setTimeout(() => {
    guard.stdin?.destroy();
    resolve(`${log}\nno answer in ${START_TIMEOUT_MS} ms`);
  }, START_TIMEOUT_MS);
  let ready = false;
  guard.stderr?.setEncoding("utf8").on("data", (text: string) => {
    if (ready) return;
    log += text;
    ready = /ready to accept (read-only )?connections/.test(log);
    if (ready) resolve(undefined);
  });
  guard.once("error", (error) => resolve(error.message));
  guard.once("exit", () => resolve(log));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

function running(guard: ChildProcess, files: TemporaryDirectory, port: number): PostgresCluster {
  const exited = once(guard, "exit");
  // An idle server must not keep a finished test process alive: its end closes the pipe.
  for (const held of [guard, guard.stdin, guard.stderr]) (held as { unref?: () => void } | null)?.unref?.();
  const stop = async (): Promise<void> => {
    guard.ref();
    guard.stdin?.destroy();
    await exited;
    await files.remove();
  };
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop };
}

/** PostgreSQL refuses to run as root; for root, the account that Debian's package makes, else the one without rights. */
function serverOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const fields = accounts.find((line) => line.startsWith(`${name}:`))?.split(":");
    if (fields !== undefined) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error("PostgreSQL does not run as root, and this machine has no account `postgres` or `nobody`.");
}

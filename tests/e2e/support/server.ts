import { join } from "node:path";
import type { RunningS3 } from "@satchel/testkit";
import { startChild, type Child, type ChildExit } from "./child.ts";
import { satchel, satchelCommand, satchelEnvironment } from "./satchel-command.ts";

/** An account that a test signs in with. */
export interface Account {
  readonly name: string;
  readonly password: string;
}

/** A Satchel server that a test started. */
export interface RunningServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, or the public address; the same after a restart. */
  readonly url: string;
  readonly port: number;
  readonly dataDirectory: string;
  /** The options that name its stores, for `satchel admin`. */
  readonly stores: readonly string[];
  pid(): number;
  /** What it wrote since its last start. */
  log(): string;
  /** Makes an account. */
  addUser(name: string): Promise<Account>;
  /** Ends it with SIGTERM. */
  stop(): Promise<ChildExit>;
  /** Ends it with SIGKILL. */
  kill(): Promise<ChildExit>;
  /** Starts it again, on the same port and data, after `stop` or `kill`. */
  restart(): Promise<void>;
}

const LISTENING = /listening at http:\/\/127\.0\.0\.1:(\d+)/;
const READY = /Satchel is ready at (https?:\/\/\S+?)\/?\s/;
const START_TIMEOUT_MS = 180_000;

/** Where a server keeps what it has; in its data directory if left out. */
export interface StoreOptions {
  /** Of the metadata, `postgres://…`. */
  readonly database?: string;
  /** A replica of it, to read from. */
  readonly replica?: string;
  /** Of the chunks. */
  readonly s3?: Pick<RunningS3, "url" | "environment">;
  /** What connects it with other servers, `redis://…`. */
  readonly bus?: string;
  /** What they remember together, `redis://…`. */
  readonly cache?: string;
  /** A comma list; all if left out. */
  readonly role?: string;
  /** How long it goes on answering once it is to stop; not at all if left out. */
  readonly drainSeconds?: number;
  /** Where its keys lie. */
  readonly keys?: string;
}

export interface ServeOptions extends StoreOptions {
  /** Where a proxy in front is reached. */
  readonly publicUrl?: string;
  /** A free one if left out. */
  readonly port?: number;
}

/** Starts `satchel serve` on a free port of loopback, with its log in `directory`. */
export async function startServer(directory: string, options: ServeOptions = {}): Promise<RunningServer> {
  const dataDirectory = join(directory, "server");
  const { database, replica, s3, bus, cache, role, drainSeconds, keys, publicUrl } = options;
  const stores = ["--data", dataDirectory];
  if (database !== undefined) stores.push("--database", database);
  if (s3 !== undefined) stores.push("--blobs", s3.url);
  const together = Object.entries({ bus, cache, role, "public-url": publicUrl }).flatMap(([name, value]) =>
    value ? [`--${name}`, value] : [],
  );
  const logPath = join(directory, "server.log");
  const start = async (port: number): Promise<Child> =>
    await startChild({
      command: satchelCommand("serve", ...stores, ...together, "--listen", `127.0.0.1:${port}`),
      logPath,
      environment: {
        ...satchelEnvironment(),
        ...s3?.environment,
        ...(replica && { SATCHEL_DATABASE_REPLICA: replica }),
        ...(keys && { SATCHEL_KEYS: keys }),
        ...(drainSeconds && { SATCHEL_DRAIN_SECONDS: `${drainSeconds}` }),
      },
    });
  let child = await start(options.port ?? 0);
  const ready = await child.waitForOutput(READY, START_TIMEOUT_MS);
  const url = ready[1] as string;
  const port = Number(LISTENING.exec(child.output())?.[1]);
  const kill = async (): Promise<ChildExit> => {
    child.signal("SIGKILL");
    return await child.exited;
  };
  return {
    url,
    port,
    dataDirectory,
    pid: () => child.pid,
    log: () => child.output(),
    stores,
    addUser: async (name) => await addUser(stores, name),
    stop: async () => await child.stop(),
    kill,
    restart: async () => {
      child = await start(port);
      await child.waitForOutput(READY, START_TIMEOUT_MS);
    },
    [Symbol.asyncDispose]: async () => void (await child.stop()),
  };
}

async function addUser(stores: readonly string[], name: string): Promise<Account> {
  const password = `correct horse ${name}`;
  await satchel(["admin", "user", "add", name, "--email", `${name}@example.org`, "--password-stdin", ...stores], {
    input: `${password}\n`,
  });
  return { name, password };
}

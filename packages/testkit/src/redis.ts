import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, startGuarded } from "./guarded-server.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A real Redis for one test file, on a free port of 127.0.0.1, in memory. It does not outlive this process. */
export interface RunningRedis extends AsyncDisposable {
  /** `redis://127.0.0.1:…`. */
  readonly url: string;
  /** Ends it as a crash would; `restart` brings it back empty, at the same address. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const MAX_PORT_ATTEMPTS = 5;

/** The program of Redis or Valkey; undefined when there is none. */
export function findRedis(): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/usr/sbin"];
  const paths = ["redis-server", "valkey-server"].flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path));
}

/** @throws when Redis is not installed, saying how to get it */
export async function startRedis(): Promise<RunningRedis> {
  const program = findRedis();
  if (program === undefined)
    throw new Error(
      "Redis is not installed. On Debian or Ubuntu: `apt-get install redis-server`; `npm test` does it as root or with sudo.",
    );
  const files = await temporaryDirectory("redis");
  const start = (port: number) => startAt(program, port, files.path);
  let port = 0;
  let server: Awaited<ReturnType<typeof start>>;
  for (let attempt = 0; server === undefined && attempt < MAX_PORT_ATTEMPTS; attempt += 1) {
    port = await freePort();
    server = await start(port);
  }
  if (server === undefined) throw new Error("Redis did not start");
  const kill = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.ref();
    server.stdin?.destroy();
    await once(server, "exit");
  };
  const stop = async (): Promise<void> => {
    await kill();
    await files.remove();
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    restart: async () => {
      server = await start(port);
      if (server === undefined) throw new Error("Redis did not start again");
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Undefined when it ended instead of taking connections. */
async function startAt(program: string, port: number, directory: string) {
  const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", directory];
  const server = startGuarded(program, settings, {});
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline && server.exitCode === null) {
    if (await answers(port)) {
      // An idle server must not keep a finished test process alive: its end closes the pipe.
      server.unref();
      (server.stdin as { unref?: () => void } | null)?.unref?.();
      return server;
    }
    await sleep(20);
  }
  server.stdin?.destroy();
  return undefined;
}

/** Whether it says PONG. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    return answer.toString().startsWith("+PONG");
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

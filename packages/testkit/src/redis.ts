import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { startEngine } from "./guarded-engine.ts";
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
  const engine = await startEngine({
    name: "Redis",
    program,
    parameters: (port) => [
      "--port",
      `${port}`,
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--appendonly",
      "no",
      "--dir",
      files.path,
    ],
    answers,
  });
  const stop = async (): Promise<void> => {
    await engine.kill();
    await files.remove();
  };
  const { port, kill, restart } = engine;
  return { url: `redis://127.0.0.1:${port}`, kill, restart, stop, [Symbol.asyncDispose]: stop };
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

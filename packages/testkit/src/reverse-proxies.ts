import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { delimiter, join } from "node:path";
import { startEngine } from "./guarded-engine.ts";

/** Proxies that stand in front of servers, by the name of their program. */
export type ReverseProxyName = "caddy" | "nginx" | "haproxy";

/** A real one for one test, on a free port of 127.0.0.1. It does not outlive this process. */
export interface RunningReverseProxy extends AsyncDisposable {
  readonly port: number;
}

/** The program; undefined when there is none. */
export function findReverseProxy(name: ReverseProxyName): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Each takes its configuration in words of its own. */
const parametersOf: Readonly<Record<ReverseProxyName, (file: string, folder: string) => readonly string[]>> = {
  caddy: (file) => ["run", "--adapter", "caddyfile", "--config", file],
  nginx: (file, folder) => ["-p", folder, "-c", file],
  haproxy: (file) => ["-db", "-f", file],
};

/**
 * Starts one in `folder`, with what `configure` makes for its port.
 *
 * @throws when it is not installed, saying how to get it, or doesn't listen
 */
export async function startReverseProxy(
  name: ReverseProxyName,
  { folder, configure }: { readonly folder: string; readonly configure: (port: number) => string },
): Promise<RunningReverseProxy> {
  const program = findReverseProxy(name);
  if (program === undefined)
    throw new Error(
      `${name} is not installed. On Debian or Ubuntu: \`apt-get install ${name}\`; \`npm test\` does it as root or with sudo.`,
    );
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "proxy.conf");
  const { port, kill } = await startEngine({
    name,
    program,
    parameters: (own) => {
      writeFileSync(file, configure(own));
      return parametersOf[name](file, folder);
    },
    // Caddy keeps what it remembers at home.
    environment: () => ({ HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }),
    answers: listens,
  });
  return { port, [Symbol.asyncDispose]: kill };
}

async function listens(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = new Socket();
  socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  socket.connect(port, "127.0.0.1");
  return promise.finally(() => socket.destroy());
}

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * The server and a guard beside it: the guard reads a pipe that only our process holds, so it ends the server even when
 * we are killed without a chance to do it. By KILL: what a shell starts in the background ignores gentler signals.
 */
const GUARD = `
exec 3<&0
"$@" 3<&- &
pid=$!
(cat <&3 >/dev/null; kill -KILL $pid 2>/dev/null) &
exec 3<&-
wait $pid
`;

/** Starts a program that does not outlive this process, however that ends. Closing its `stdin` ends it. What it prints is thrown away. */
export function startGuarded(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  // A process group of its own: Ctrl-C ends the tests, and the closing pipe then ends this.
  return spawn("/bin/sh", ["-c", GUARD, "satchel-guard", program, ...parameters], {
    cwd: "/",
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ["pipe", "ignore", "ignore"],
  });
}

/** A port of 127.0.0.1 that was free a moment ago. Before it is used, another process may take it. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return address.port;
}

import { once } from "node:events";
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, startGuarded } from "./guarded-server.ts";

/** An engine that a test needs, as a program on a free port of 127.0.0.1. */
export interface GuardedEngine {
  readonly port: number;
  /** Ends it as a crash would. Twice is no error. */
  kill(): Promise<void>;
  /** Starts it again at the same port. */
  restart(): Promise<void>;
}

/** How an engine is started, and known to be there. */
export interface EngineKind {
  /** As a sentence begins with it: "Redis". */
  readonly name: string;
  readonly program: string;
  readonly parameters: (port: number) => readonly string[];
  readonly environment?: (port: number) => Readonly<Record<string, string>>;
  readonly answers: (port: number) => Promise<boolean>;
}

/** On a machine that is busy with other tests, too: one that ends instead is noticed at once. */
const START_TIMEOUT_MS = 120_000;
/** Between choosing a free port and using it, another process may take it. */
const MAX_PORT_ATTEMPTS = 5;

/** @throws when it doesn't start */
export async function startEngine(kind: EngineKind): Promise<GuardedEngine> {
  for (let attempt = 0; attempt < MAX_PORT_ATTEMPTS; attempt += 1) {
    const port = await freePort();
    const server = await startAt(kind, port);
    if (server !== undefined) return engineOf(kind, port, server);
  }
  throw new Error(`${kind.name} did not start`);
}

function engineOf(kind: EngineKind, port: number, first: ChildProcess): GuardedEngine {
  let server = first;
  return {
    port,
    async kill() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.ref();
      server.stdin?.destroy();
      await once(server, "exit");
    },
    async restart() {
      const again = await startAt(kind, port);
      if (again === undefined) throw new Error(`${kind.name} did not start again`);
      server = again;
    },
  };
}

/** Undefined when it ended instead of answering. */
async function startAt(kind: EngineKind, port: number): Promise<ChildProcess | undefined> {
  const server = startGuarded(kind.program, kind.parameters(port), kind.environment?.(port) ?? {});
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline && server.exitCode === null) {
    if (await kind.answers(port)) {
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

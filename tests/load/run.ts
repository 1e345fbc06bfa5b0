// `npm run bench:load -- --commits 500 --reads 1500 --seconds 20 --devices 200 [--on stack] [--sockets 5000]`: what a server takes, at a rate that doesn't wait for it.
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { temporaryDirectory } from "@satchel/testkit";
import type { LoginResponse } from "@satchel/protocol";
import { cpuSeconds, residentBytes, withDescendants } from "../bench/measure/processes.ts";
import { startServer, type RunningServer } from "../e2e/support/server.ts";
import { startStack } from "../e2e/support/stack.ts";
import { openSockets } from "./idle-sockets.ts";
import { LoadDevice } from "./load-device.ts";
import { playOpenLoop, type Outcome } from "./open-loop.ts";

const { values } = parseArgs({
  options: {
    commits: { type: "string", default: "300" },
    reads: { type: "string", default: "900" },
    seconds: { type: "string", default: "15" },
    devices: { type: "string", default: "200" },
    accounts: { type: "string", default: "20" },
    sockets: { type: "string", default: "0" },
    on: { type: "string", default: "embedded" },
    warmup: { type: "string", default: "3" },
  },
});
const number = (name: keyof typeof values): number => Number(values[name]);

/** Limits would be what is measured. */
const withoutLimits = {
  SATCHEL_RATE_ADDRESS: "0",
  SATCHEL_RATE_ACCOUNT: "0",
  SATCHEL_RATE_DEVICE: "0",
  SATCHEL_RATE_SIGN_IN: "0",
  SATCHEL_MAX_CONNECTIONS: "1000000",
  SATCHEL_MAX_CONNECTIONS_PER_ADDRESS: "1000000",
  SATCHEL_LOG_LEVEL: "warn",
};

await using undo = new AsyncDisposableStack();
Object.assign(process.env, withoutLimits);
const directory = undo.use(await temporaryDirectory("load"));
const { url, processes } = await startTarget();
const logins = await signInAll();
const devices = await Promise.all(
  Array.from({ length: number("devices") }, (_, nth) =>
    LoadDevice.open(url, logins[nth % logins.length] as LoginResponse),
  ),
);
undo.defer(() => devices.forEach((device) => device.close()));
if (number("sockets") > 0) await measureSockets();
await play(number("warmup"));
const before = take();
const [commits, reads] = await play(number("seconds"));
report(commits, reads, before, take());

async function startTarget(): Promise<{ url: string; processes: Readonly<Record<string, RunningServer>> }> {
  if (values.on === "embedded") {
    const server = undo.use(await startServer(directory.path));
    return { url: server.url, processes: { server } };
  }
  const { api, notify, worker, url } = await startStack(directory.join, undo, { drainSeconds: 0 });
  const [api1, api2] = api;
  const [notify1, notify2] = notify;
  return { url, processes: { api1, api2, notify1, notify2, worker } };
}

/** One login for each account; devices of one account share it. */
async function signInAll(): Promise<LoginResponse[]> {
  const [first] = Object.values(processes);
  const all: LoginResponse[] = [];
  for (let nth = 0; nth < number("accounts"); nth += 1) {
    const { name: user, password } = await (first as RunningServer).addUser(`load${nth}`);
    const answer = await fetch(`${url}/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ user, password, device_name: "load" }),
    });
    if (!answer.ok) throw new Error(`signing in: ${answer.status} ${await answer.text()}`);
    all.push((await answer.json()) as LoginResponse);
  }
  return all;
}

/** Half of the devices save, half read. */
async function play(seconds: number): Promise<[Outcome, Outcome]> {
  const half = Math.ceil(devices.length / 2);
  return Promise.all([
    playOpenLoop(devices.slice(0, half), { perSecond: number("commits"), seconds, ask: (device) => device.save() }),
    playOpenLoop(devices.slice(half), { perSecond: number("reads"), seconds, ask: (device) => device.read() }),
  ]);
}

async function measureSockets(): Promise<void> {
  const pids = pidsOf(Object.values(processes));
  const bytesBefore = residentBytes(pids);
  const started = performance.now();
  const sockets = await openSockets({ url, logins, count: number("sockets") });
  undo.defer(() => sockets.close());
  const bytes = residentBytes(pids) - bytesBefore;
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${sockets.opened} idle WebSockets in ${seconds.toFixed(1)} s, ${sockets.failed} refused: ${(bytes / 1024 / Math.max(1, sockets.opened)).toFixed(1)} KiB of resident memory each`,
  );
}

function pidsOf(servers: readonly RunningServer[]): number[] {
  return withDescendants(servers.map((server) => server.pid()));
}

function take() {
  const cpu = Object.entries(processes).map(([name, server]) => [name, cpuSeconds(pidsOf([server]))] as const);
  return { atMs: performance.now(), cpu: new Map(cpu), own: process.cpuUsage() };
}

function report(commits: Outcome, reads: Outcome, start: ReturnType<typeof take>, end: ReturnType<typeof take>): void {
  const seconds = (end.atMs - start.atMs) / 1000;
  console.log(
    `${values.on}, ${availableParallelism()} cores, load ${(loadavg()[0] ?? 0).toFixed(1)}; ${devices.length} devices of ${logins.length} accounts, ${seconds.toFixed(1)} s`,
  );
  for (const [name, outcome, asked] of [
    ["commits", commits, number("commits")],
    ["reads", reads, number("reads")],
  ] as const) {
    const { latencyUs, statuses, endedMs } = outcome;
    const ms = (percentile: number): string => (latencyUs.percentile(percentile) / 1000).toFixed(1);
    const rate = (latencyUs.count / endedMs) * 1000;
    const others = [...statuses].filter(([status]) => status !== 200).map(([status, count]) => `${count} × ${status}`);
    console.log(
      `${name}: ${asked}/s asked, ${rate.toFixed(0)}/s done; p50 ${ms(50)}, p95 ${ms(95)}, p99 ${ms(99)}, most ${(latencyUs.max / 1000).toFixed(1)} ms; ${others.join(", ") || "no failure"}`,
    );
  }
  const requests = commits.latencyUs.count + reads.latencyUs.count;
  for (const [name, server] of Object.entries(processes)) {
    const cpu = (end.cpu.get(name) ?? 0) - (start.cpu.get(name) ?? 0);
    const memory = residentBytes(pidsOf([server])) / 1024 / 1024;
    console.log(
      `${name}: ${cpu.toFixed(2)} CPU s, ${(cpu / seconds).toFixed(2)} cores, ${((cpu / Math.max(1, requests)) * 1e6).toFixed(0)} µs a request of all; ${memory.toFixed(0)} MiB`,
    );
  }
  const own = process.cpuUsage(start.own);
  console.log(`generator: ${((own.user + own.system) / 1e6).toFixed(2)} CPU s`);
}

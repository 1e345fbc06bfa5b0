import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  startHaproxy,
  startPostgres,
  startPostgresPair,
  startRedis,
  startS3,
  type RunningRedis,
} from "@satchel/testkit";
import { eventually } from "./eventually.ts";
import { startServer, type RunningServer } from "./server.ts";

/** What a server beyond one machine stands on, and its processes, all on this machine. */
export interface Stack {
  /** Of the gateway. */
  readonly url: string;
  readonly api: readonly [RunningServer, RunningServer];
  readonly notify: readonly [RunningServer, RunningServer];
  readonly worker: RunningServer;
  readonly bus: RunningRedis;
  readonly cache: RunningRedis;
  /** Of PostgreSQL; the processes read from it. Undefined where one was not asked for. */
  readonly replica: string | undefined;
  /** What the processes were given, for `satchel admin`. */
  readonly stores: { readonly database: string; readonly blobs: string };
}

/** Where tests that need a stack say what it needs. */
export const stackServices = ["s3", "postgres", "redis", "haproxy"] as const;

const READY_MS = 180_000;
const configuration = fileURLToPath(new URL("../../../deploy/haproxy/haproxy.cfg", import.meta.url));

/** PostgreSQL (with a replica where that is asked for), S3, a Redis for the bus and one for the cache, two processes of `api` and of `notify`, a `worker`, and HAProxy before them. All of it ends with `undo`. */
export async function startStack(
  join: (name: string) => string,
  undo: AsyncDisposableStack,
  { drainSeconds = 5, withReplica = false }: { readonly drainSeconds?: number; readonly withReplica?: boolean } = {},
): Promise<Stack> {
  const s3 = undo.use(await startS3());
  const pair = withReplica ? undo.use(await startPostgresPair()) : undefined;
  const postgres = pair ?? undo.use(await startPostgres());
  const replica = pair?.replicaUrl;
  const bus = undo.use(await startRedis());
  const cache = undo.use(await startRedis());
  Object.assign(process.env, s3.environment);
  await mkdir(join("keys"));
  const database = postgres.url;
  const shared = {
    database,
    s3,
    bus: bus.url,
    cache: cache.url,
    keys: join("keys"),
    drainSeconds,
    ...(replica && { replica }),
  };
  const start = async (name: string, role: string): Promise<RunningServer> => {
    await mkdir(join(name));
    return undo.use(await startServer(join(name), { ...shared, role }));
  };
  // The first brings the database up to date.
  const api = [await start("api1", "api"), await start("api2", "api")] as const;
  const notify = [await start("notify1", "notify"), await start("notify2", "notify")] as const;
  const worker = await start("worker", "worker");
  const address = ({ port }: RunningServer): string => `127.0.0.1:${port}`;
  const { url } = undo.use(
    await startHaproxy({
      configuration,
      environment: {
        SATCHEL_API_1: address(api[0]),
        SATCHEL_API_2: address(api[1]),
        SATCHEL_NOTIFY_1: address(notify[0]),
        SATCHEL_NOTIFY_2: address(notify[1]),
      },
    }),
  );
  const isReady = async (): Promise<boolean> =>
    (await fetch(`${url}/readyz`)).ok && (await fetch(`${url}/v1/sync/poll`)).status === 401;
  await eventually(isReady, { timeoutMs: READY_MS, what: "HAProxy to find the processes well" });
  return { url, api, notify, worker, bus, cache, replica, stores: { database, blobs: s3.url } };
}

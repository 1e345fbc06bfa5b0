import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { goesWithout, startHaproxy, startPostgres, startRedis, startS3, temporaryDirectory } from "@satchel/testkit";
import { signIn, type Device } from "./support/device.ts";
import { eventually } from "./support/eventually.ts";
import { satchel } from "./support/satchel-command.ts";
import { startServer, type RunningServer } from "./support/server.ts";

const WAIT_MS = 180_000;
const services = ["s3", "postgres", "redis", "haproxy"] as const;
const configuration = fileURLToPath(new URL("../../deploy/haproxy/haproxy.cfg", import.meta.url));

if (!services.some((service) => goesWithout(service))) {
  test("[OP22] two api, two notify and a worker behind HAProxy are one server: when one stops nobody notices, and when some die, and the cache goes away, devices stay in step", async () => {
    await using directory = await temporaryDirectory("roles");
    await using s3 = await startS3();
    await using postgres = await startPostgres();
    await using bus = await startRedis();
    await using cache = await startRedis();
    Object.assign(process.env, s3.environment);
    await mkdir(directory.join("keys"));
    const shared = { database: postgres.url, s3, bus: bus.url, cache: cache.url, keys: directory.join("keys") };
    const start = async (name: string, role: string): Promise<RunningServer> => {
      await mkdir(directory.join(name));
      return startServer(directory.join(name), { ...shared, role, drainSeconds: 5 });
    };
    // The first brings the database up to date.
    await using api1 = await start("api1", "api");
    await using api2 = await start("api2", "api");
    await using notify1 = await start("notify1", "notify");
    await using notify2 = await start("notify2", "notify");
    await using worker = await start("worker", "worker");
    await using gateway = await startHaproxy({
      configuration,
      environment: {
        SATCHEL_API_1: `127.0.0.1:${api1.port}`,
        SATCHEL_API_2: `127.0.0.1:${api2.port}`,
        SATCHEL_NOTIFY_1: `127.0.0.1:${notify1.port}`,
        SATCHEL_NOTIFY_2: `127.0.0.1:${notify2.port}`,
      },
    });
    await ready(gateway.url);
    const account = await api1.addUser("ann");
    const at = { directory: directory.path, account };
    await using a = await signIn({ ...at, name: "a", url: gateway.url });
    await using b = await signIn({ ...at, name: "b", url: gateway.url });
    for (const device of [a, b]) await device.start();
    for (let nth = 0; nth < 4; nth += 1) await saveAndSee(nth % 2 === 0 ? [a, b] : [b, a], `${nth}.txt`);
    assert.equal((await fetch(`${worker.url}/v1/files/metadata`)).status, 503);
    assert.equal((await fetch(`${gateway.url}/metrics`)).status, 404);

    await requestsWhile(gateway.url, a, () => api1.stop());
    await Promise.all([notify1.kill(), cache.kill()]);
    await saveAndSee([a, b], "after.txt");
    await saveAndSee([b, a], "back.txt");
  });
}

async function ready(url: string): Promise<void> {
  const isReady = async (): Promise<boolean> =>
    (await fetch(`${url}/readyz`)).ok && (await fetch(`${url}/v1/sync/poll`)).status === 401;
  await eventually(isReady, { timeoutMs: WAIT_MS, what: "HAProxy to find the processes well" });
}

/** One request after another; none may fail. */
async function requestsWhile(url: string, device: Device, happens: () => Promise<unknown>): Promise<void> {
  const authorization = `Bearer ${(await satchel(["token"], { home: device.home })).trim()}`;
  const over = new AbortController();
  const happening = happens().finally(() => over.abort());
  const answers: number[] = [];
  while (!over.signal.aborted) {
    const answer = await fetch(`${url}/v1/files/metadata?folder_id=root`, { headers: { authorization } });
    await answer.arrayBuffer();
    answers.push(answer.status);
  }
  await happening;
  assert.ok(answers.length > 0);
  assert.deepEqual(
    answers.filter((status) => status !== 200),
    [],
  );
}

async function saveAndSee([from, to]: readonly [Device, Device], name: string): Promise<void> {
  await writeFile(from.path(name), `saved by ${from.name}`);
  const isThere = async (): Promise<boolean> => (await readFile(to.path(name), "utf8")) === `saved by ${from.name}`;
  await eventually(isThere, { timeoutMs: WAIT_MS, what: `${name} to arrive` });
}

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { goesWithout, temporaryDirectory } from "@satchel/testkit";
import { signIn, type Device } from "./support/device.ts";
import { eventually } from "./support/eventually.ts";
import { satchel } from "./support/satchel-command.ts";
import { stackServices, startStack } from "./support/stack.ts";

const WAIT_MS = 180_000;

if (!stackServices.some((service) => goesWithout(service))) {
  test("[OP22] two api, two notify and a worker behind HAProxy are one server: when one stops nobody notices, and when some die, and the cache goes away, devices stay in step", async () => {
    await using undo = new AsyncDisposableStack();
    const directory = undo.use(await temporaryDirectory("roles"));
    const { api, notify, worker, cache, url } = await startStack(directory.join, undo);
    const [api1] = api;
    const account = await api1.addUser("ann");
    const at = { directory: directory.path, account };
    await using a = await signIn({ ...at, name: "a", url });
    await using b = await signIn({ ...at, name: "b", url });
    for (const device of [a, b]) await device.start();
    for (let nth = 0; nth < 4; nth += 1) await saveAndSee(nth % 2 === 0 ? [a, b] : [b, a], `${nth}.txt`);
    assert.equal((await fetch(`${worker.url}/v1/files/metadata`)).status, 503);
    assert.equal((await fetch(`${url}/metrics`)).status, 404);

    await requestsWhile(url, a, () => api1.stop());
    await Promise.all([notify[0].kill(), cache.kill()]);
    await saveAndSee([a, b], "after.txt");
    await saveAndSee([b, a], "back.txt");
  });
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

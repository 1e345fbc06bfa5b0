import assert from "node:assert/strict";
import { test } from "node:test";
import { linuxNames } from "@satchel/engine";
import { seededRandom } from "@satchel/testkit";
import { calm, Network } from "../world/network.ts";
import { Scheduler } from "../world/scheduler.ts";
import { SimDevice } from "../world/sim-device.ts";
import { SimServer } from "../world/sim-server.ts";
import { reliable } from "../world/sim-watcher.ts";
import { Trace } from "../world/trace.ts";

const maxEvents = 400_000;
/** More than a few: what is new in such numbers was sent without being written down. */
const files = 60;
const lives = 12;

test("[EN11] who is killed just when the server took many new files knows afterwards whose they are: an edit is no conflict, and what was deleted stays deleted", async () => {
  for (let seed = 1; seed <= lives; seed += 1) {
    const { names, trace } = await killWhileSending(seed);
    const expected = Array.from({ length: files }, (_, nth) => `f${nth}`).filter((name) => name !== "f1");
    assert.deepEqual(names, expected.toSorted(), `seed ${seed}\n${trace.join("\n")}`);
  }
});

/** A device sends many new files, and is killed the moment that the server has a commit of more than twenty of them; an edit and a deletion follow before it runs again. */
async function killWhileSending(seed: number): Promise<{ names: string[]; trace: readonly string[] }> {
  const random = seededRandom(`killed ${seed}`);
  const scheduler = new Scheduler({ random: random.fork("schedule"), maxEvents });
  const trace = new Trace({ elapsedMs: () => scheduler.elapsedMs, keep: true });
  const closing: (() => Promise<void> | void)[] = [];
  const live = async (): Promise<string[]> => {
    const server = await SimServer.open({ scheduler, random: random.fork("server") });
    closing.push(() => server.close());
    const taken = Promise.withResolvers<void>();
    const network = new Network({ random: random.fork("network"), scheduler, weather: calm });
    const parts = { server, network, scheduler, trace, random: random.fork("d0"), login: await server.login("d0") };
    const device = new SimDevice(
      {
        ...parts,
        name: "d0",
        clockOffsetMs: 0,
        hasIgnoreRules: false,
        nameRules: linuxNames,
        plansNarrowly: false,
        hasTokens: false,
        onCommitted: ({ operations }) => {
          if (operations.length > 20) taken.resolve();
        },
      },
      reliable,
    );
    closing.unshift(() => device.close());
    device.start();
    await device.engine.waitSynced();
    for (let nth = 0; nth < files; nth += 1) device.files.writeFile(`f${nth}`, Buffer.from(`content ${nth}`));
    await taken.promise;
    device.crash();
    device.files.writeFile("f0", Buffer.from("edited meanwhile"));
    device.files.remove("f1");
    await scheduler.sleep(1000);
    device.start();
    await device.engine.waitSynced();
    assert.equal(Buffer.from(device.files.readFile("f0")).toString(), "edited meanwhile");
    return [...device.files.snapshot().keys()].toSorted();
  };
  try {
    return { names: await scheduler.play(live()), trace: trace.lines };
  } finally {
    for (const close of closing) await close();
  }
}

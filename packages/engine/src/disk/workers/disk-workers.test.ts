import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { DiskError } from "../../ports/disk.ts";
import { openDiskWorkers, type DiskWorkers } from "./disk-workers.ts";
import { DiskWorkerThread } from "./disk-worker-thread.ts";

const stat = async (workers: Pick<DiskWorkers, "run">): Promise<unknown> =>
  JSON.parse(await workers.run("structure", JSON.stringify([{ operation: "stat", args: ["nothing"] }])));

test("a worker that is lost fails its jobs, and the next job gets a new one", async () => {
  await using directory = await temporaryDirectory("workers");
  const entry = new URL("disk-worker.ts", import.meta.url);
  const thread = new DiskWorkerThread(entry, directory.path);
  const run: DiskWorkers["run"] = (name, input, options) => thread.run(name, input, { isLong: false, ...options });
  assert.deepEqual(await stat({ run }), [{}]);
  const lost = stat({ run });
  await thread.close();
  await assert.rejects(lost, (error) => error instanceof DiskError && error.code === "failed");
  assert.deepEqual([thread.longJobs, thread.shortJobs], [0, 0]);
  assert.deepEqual(await stat({ run }), [{}]);
  await thread.close();
});

test("[DK25] a thread that rests takes its next job as ever, and one that is at work goes on", async () => {
  await using directory = await temporaryDirectory("workers");
  const thread = new DiskWorkerThread(new URL("disk-worker.ts", import.meta.url), directory.path);
  const run: DiskWorkers["run"] = (name, input, options) => thread.run(name, input, { isLong: false, ...options });
  const busy = stat({ run });
  await thread.end();
  assert.deepEqual([await busy, thread.isStarted], [[{}], true]);
  thread.rest();
  assert.deepEqual(await stat({ run }), [{}]);
  await thread.end();
  assert.equal(thread.isStarted, false);
  assert.deepEqual(await stat({ run }), [{}]);
  await thread.close();
});

test("[DK33] with two processors many small jobs are one thread's work, and each share of a large file has a thread; with more, small jobs are shared too", async () => {
  await using directory = await temporaryDirectory("workers");
  const look = async (workers: DiskWorkers): Promise<number> => {
    await Promise.all(Array.from({ length: 20 }, () => stat(workers)));
    return workers.startedCount;
  };
  const [tight, roomy] = [openDiskWorkers(directory.path, 2), openDiskWorkers(directory.path, 4)];
  assert.deepEqual([tight.smallCount, roomy.smallCount, tight.count], [1, 2, 2]);
  assert.deepEqual([await look(tight), await look(roomy)], [1, 2]);
  const list = { path: "", recursive: false };
  const share = () => tight.run("scan", list, { isShare: true, answer: () => Promise.resolve({ answer: null }) });
  await Promise.all([share(), share()]);
  assert.equal(tight.startedCount, 2);
  await Promise.all([tight.close(), roomy.close()]);
});

test("closed workers refuse work", async () => {
  await using directory = await temporaryDirectory("workers");
  const workers = openDiskWorkers(directory.path);
  await stat(workers);
  await workers.close();
  await assert.rejects(stat(workers), (error) => error instanceof DiskError && error.code === "failed");
});

test("idle workers don't keep a process alive", async () => {
  await using directory = await temporaryDirectory("workers");
  const program = `
    import { openNodeDisk } from ${JSON.stringify(new URL("../node-disk.ts", import.meta.url).href)};
    const disk = openNodeDisk({ root: ${JSON.stringify(directory.join("root"))} });
    await disk.prepareRoot("marker");
    console.log((await disk.rootIdentity()).marker);
  `;
  await writeFile(directory.join("program.mjs"), program);
  const child = spawn(process.execPath, [directory.join("program.mjs")], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  assert.deepEqual(await once(child, "close"), [0, null]);
  assert.equal(output, "marker\n");
});

import assert from "node:assert/strict";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { checkStore, serverConfig } from "@satchel/server";
import { goesWithout, temporaryDirectory } from "@satchel/testkit";
import { makeBigFile } from "../../e2e/support/big-file.ts";
import { signIn } from "../../e2e/support/device.ts";
import { eventually } from "../../e2e/support/eventually.ts";
import { startServer } from "../../e2e/support/server.ts";
import { watchVisibleFiles } from "../../e2e/support/visible-files.ts";
import { openPlace, statusOf, waitForEqual, waitForNoIssues } from "../support/place.ts";
import { mountSmallDisk } from "../support/small-disk.ts";

const MIB = 1024 * 1024;
const TIMEOUT_MS = 240_000;

if (!goesWithout("mount")) {
  test("[FT20] [DK30] a device whose disk is full says so, shows nothing torn, takes what fits, and goes on when there is room", async () => {
    await using place = await openPlace();
    const disk = place.use(await mountSmallDisk(join(place.directory, "small"), 12));
    const full = await place.device("small", place.server.url);
    const other = await place.device("other", place.server.url);
    const sizes = new Map(["one.bin", "two.bin"].map((name) => [name, [8 * MIB]]));
    await using seen = watchVisibleFiles(full.folder, new Map([...sizes, ["note.txt", [4]]]));
    for (const name of sizes.keys()) await makeBigFile(other.path(name), 8 * MIB, name);
    await writeFile(other.path("note.txt"), "note");
    const issue = async (): Promise<string | undefined> => {
      const { issues } = await statusOf(full);
      return issues.find(({ code }) => code === "disk_full")?.message;
    };
    const message = await eventually(issue, {
      timeoutMs: 60_000,
      intervalMs: 200,
      what: "the device to say that its disk is full",
    });
    assert.match(message, /room|space/);
    const arrived = async (): Promise<string[]> => (await readdir(full.folder)).filter((name) => !name.startsWith("."));
    await eventually(async () => (await arrived()).length === 2, {
      timeoutMs: 60_000,
      what: "what fits: the note, and the one of the two files that may still be on its way",
    });
    assert.ok((await arrived()).includes("note.txt"));
    disk.resize(40);
    await waitForEqual([full, other], TIMEOUT_MS);
    await full.wait(60);
    await waitForNoIssues(full);
    assert.deepEqual(seen.partial, []);
  });

  test("[FT21] [EN62] a device whose own memory has no room says so, and loses nothing that changed meanwhile", async () => {
    await using place = await openPlace();
    const disk = place.use(await mountSmallDisk(join(place.directory, "home-cramped"), 4));
    const cramped = await place.device("cramped", place.server.url);
    const other = await place.device("other", place.server.url);
    await writeFile(cramped.path("before.txt"), "before");
    await waitForEqual([cramped, other], TIMEOUT_MS);
    const ballast = join(disk.path, "ballast");
    await fillUp(ballast);
    await mkdir(cramped.path("many"));
    let nth = 0;
    const makeFiles = async (count: number): Promise<void> => {
      for (const end = nth + count; nth < end; nth += 1)
        await writeFile(cramped.path("many", `${nth}-${"x".repeat(150)}.txt`), `${nth}`);
    };
    await makeFiles(400);
    await writeFile(other.path("from-other.txt"), "other");
    const isTold = (): boolean => /can't be written|state_unwritable|no space/i.test(cramped.log());
    // How much room its write-ahead log has still depends on when the last checkpoint was: more comes until there is none.
    const isShown = async (): Promise<boolean> => {
      if (isTold() || (await statusOf(cramped)).issues.some(({ code }) => code === "state_unwritable")) return true;
      await makeFiles(25);
      return false;
    };
    await eventually(isShown, { timeoutMs: 60_000, intervalMs: 200, what: "the device to say that it can't write" });
    await rm(ballast);
    disk.resize(64);
    await waitForEqual([cramped, other], TIMEOUT_MS);
    await cramped.wait(60);
  });

  test("[FT22] a server whose disk is full takes nothing half, says so, and its devices go on when there is room", async () => {
    await using directory = await temporaryDirectory("faults");
    await using disk = await mountSmallDisk(directory.join("server"), 24);
    await using server = await startServer(directory.path);
    const account = await server.addUser("ann");
    await using a = await signIn({ directory: directory.path, name: "a", url: server.url, account });
    await using b = await signIn({ directory: directory.path, name: "b", url: server.url, account });
    await a.start();
    await b.start();
    await writeFile(a.path("before.txt"), "before");
    await makeBigFile(a.path("fits.bin"), 6 * MIB, "fits");
    await waitForEqual([a, b], TIMEOUT_MS);
    await makeBigFile(a.path("big.bin"), 30 * MIB, "big");
    const isTold = async (): Promise<boolean> =>
      (await statusOf(a)).issues.some(({ message }) => /server.*(full|space|room)/i.test(message));
    await eventually(isTold, { timeoutMs: 60_000, intervalMs: 200, what: "the device to say that the server is full" });
    await writeFile(a.path("small.txt"), "written while the server is full");
    const check = async () => (await checkStore(serverConfig({ data: server.dataDirectory }, {}))).problems;
    await server.kill();
    disk.resize(100);
    await server.restart();
    await waitForEqual([a, b], TIMEOUT_MS);
    assert.deepEqual(await check(), []);
    await a.wait(60);
    await waitForNoIssues(a);
  });
}

/** Writes until nothing more fits. */
async function fillUp(path: string): Promise<void> {
  for (;;) {
    try {
      await writeFile(path, Buffer.alloc(64 * 1024), { flag: "a" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOSPC") return;
      throw error;
    }
  }
}

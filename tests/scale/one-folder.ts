import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryDirectory } from "@satchel/testkit";
import { firstDifference } from "../bench/data/compare-folders.ts";
import { untilShown } from "../bench/measure/until-shown.ts";
import { signIn, type Device } from "../e2e/support/device.ts";
import { startServer } from "../e2e/support/server.ts";
import { makeFiles } from "./make-files.ts";
import { describe, meter, type Used } from "./resources.ts";

export interface OneFolder {
  readonly files: number;
  readonly folders: number;
  /** How long nothing happens. */
  readonly idleMs: number;
  /** Kill the device in the middle of its first sync. */
  readonly kills: boolean;
  /** Leave out the second device. */
  readonly isAlone: boolean;
  /** List one of the folders on the server, and delete it, in the end. */
  readonly deletes: boolean;
  /** Where all of it lies. */
  readonly directory: string;
  readonly onLine: (line: string) => void;
}

const syncTimeoutSeconds = 3600;
const firstFolder = "folder-0000";
/** After which a device and the server have given back what a burst took. */
const settleMs = 15_000;
const killLookMs = 15_000;
const editTimeoutMs = 30_000;

/** One account with one folder of many files: its first sync, a rest, a restart, an edit, and a second device that joins. Tells what each took. */
export async function playOneFolder(options: OneFolder): Promise<void> {
  const { onLine } = options;
  await using directory = await temporaryDirectory("scale", options.directory);
  await using server = await startServer(directory.path);
  const account = await server.addUser("many");
  const device = (name: string): Promise<Device> =>
    signIn({ directory: directory.path, name, url: server.url, account });
  await using a = await device("a");
  makeFiles(a.folder, options);
  onLine(`${options.files} files in ${options.folders} folders are made`);

  const serverUsed = meter(server.pid());
  await a.start();
  if (options.kills) await killInTheMiddle(a, options);
  onLine(describe("A, first sync", await untilSynced(a)));
  onLine(describe("server, meanwhile", serverUsed()));

  await rest([a.pid(), server.pid()], ["A, at rest", "server, at rest"], options);
  await a.stop();
  await a.start();
  onLine(describe("A, started again", await untilSynced(a)));

  if (options.isAlone) return;
  await using b = await device("b");
  const serverGives = meter(server.pid());
  await b.start();
  onLine(describe("B, joins", await untilSynced(b)));
  onLine(describe("server, meanwhile", serverGives()));
  const difference = firstDifference(a.folder, b.folder, [".satchel"]);
  if (difference !== undefined) throw new Error(`not equal: ${difference}`);
  onLine("A and B are equal");
  await edit(a, b, onLine);
  await rest([b.pid(), server.pid()], ["B, at rest", "server, at rest"], options);
  if (options.deletes) await listAndDelete(a, b, onLine);
}

/** What looking at a folder by the command line takes, and deleting it in A until B has it no more. */
async function listAndDelete(a: Device, b: Device, onLine: (line: string) => void): Promise<void> {
  const timed = async (what: string, args: readonly string[]): Promise<string> => {
    const startedMs = performance.now();
    const output = await a.satchel([...args]);
    onLine(`${what}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    return output;
  };
  const listed = JSON.parse(await timed("ls of one folder", ["ls", `/${firstFolder}`, "--json"])) as unknown[];
  onLine(`it has ${listed.length} entries`);
  await timed("status", ["status", "--json"]);
  await timed("status of one file", ["status", a.path(firstFolder, "file-0000000"), "--json"]);
  const [usedA, usedB] = [meter(a.pid()), meter(b.pid())];
  rmSync(a.path(firstFolder), { recursive: true });
  await a.wait(syncTimeoutSeconds);
  onLine(describe("A, one folder deleted", usedA()));
  await b.wait(syncTimeoutSeconds);
  onLine(describe("B, the same", usedB()));
  if (existsSync(b.path(firstFolder))) throw new Error("B has the folder still");
}

/** Counts from now until disk and server were looked at and are in step. */
async function untilSynced(device: Device): Promise<Used> {
  const used = meter(device.pid());
  await device.wait(syncTimeoutSeconds);
  return used();
}

/** Kills it when half of its files are on the server, and starts it again. */
async function killInTheMiddle(device: Device, { files, onLine }: OneFolder): Promise<void> {
  const used = meter(device.pid());
  let sent = 0;
  do {
    await sleep(killLookMs);
    sent = agreedEntries(device);
  } while (sent < files / 2);
  onLine(describe(`A, killed with ${files - sent} files left`, used()));
  await device.kill();
  await device.start();
}

/** How many entries the device and the server agree on, as the device's own database says. */
function agreedEntries({ home }: Device): number {
  const [name] = readdirSync(home).filter((each) => /^state-.*\.db$/.test(each));
  if (name === undefined) return 0;
  using database = new DatabaseSync(join(home, name), { readOnly: true });
  return database.prepare("SELECT count(*) AS count FROM synced").get()?.count as number;
}

/** Nothing happens: what they use all the same. */
async function rest(pids: readonly number[], names: readonly string[], { idleMs, onLine }: OneFolder): Promise<void> {
  if (idleMs === 0) return;
  await sleep(settleMs);
  const meters = pids.map((pid) => meter(pid));
  await sleep(idleMs);
  for (const [index, used] of meters.entries()) onLine(describe(names[index] ?? "", used()));
}

/** A file that is there is written over in A; how long until B has it. */
async function edit(a: Device, b: Device, onLine: (line: string) => void): Promise<void> {
  const path = join(firstFolder, "file-0000000");
  const text = "another text, of this length\n";
  const startedMs = performance.now();
  writeFileSync(a.path(path), text);
  // The file alone: to compare its folder would take minutes where that holds a hundred thousand.
  const same = (): boolean => existsSync(b.path(path)) && readFileSync(b.path(path), "utf8") === text;
  const shownMs = await untilShown(same, startedMs, editTimeoutMs);
  onLine(shownMs === undefined ? "an edit did not arrive" : `an edit arrived after ${shownMs.toFixed(0)} ms`);
}

import { open, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { seededRandom } from "@satchel/testkit";
import type { Device } from "../../e2e/support/device.ts";
import { eventually } from "../../e2e/support/eventually.ts";
import { statusOf } from "./place.ts";

/** So long a busy machine may take for what an idle one does in seconds. */
export const TIMEOUT_MS = 180_000;

/** Files in a folder of the device, one of them larger than what travels with a commit. */
export async function writeSome(device: Device, folder: string): Promise<void> {
  await mkdir(device.path(folder));
  for (let nth = 0; nth < 20; nth += 1) await writeFile(device.path(folder, `${nth}.txt`), `${folder} ${nth}`);
  await writeFile(device.path(folder, "large.bin"), seededRandom(folder).bytes(3_000_000));
}

/** Waits for an issue of this code, and answers what it says. */
export async function issueOf(device: Device, code: string): Promise<string> {
  const find = async (): Promise<string | undefined> =>
    (await statusOf(device)).issues.find((issue) => issue.code === code)?.message;
  return await eventually(find, { timeoutMs: TIMEOUT_MS, intervalMs: 200, what: `the issue ${code}` });
}

/** The conflicted copies in the folder. */
export async function copiesIn(device: Device): Promise<string[]> {
  return (await readdir(device.folder, { recursive: true })).filter((path) => path.includes("(Conflicted copy"));
}

/** Writes random bytes over a stretch of a file, or what there is of it. */
export async function overwrite(path: string, from: number, bytes: number): Promise<void> {
  const { size } = await stat(path);
  await using file = await open(path, "r+");
  await file.write(seededRandom("damage").bytes(Math.max(0, Math.min(bytes, size - from))), 0, undefined, from);
}

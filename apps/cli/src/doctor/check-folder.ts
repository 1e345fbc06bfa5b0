import { randomBytes } from "node:crypto";
import { access, mkdir, readFile, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatSize } from "../output/format.ts";
import { ok, problem, skipped, warning, type Finding } from "./finding.ts";

/** With less than this, the next large file may not fit. */
const fewFreeBytes = 1_000_000_000;
const noFreeBytes = 50_000_000;

export async function checkSpace(check: string, path: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(path);
    const freeBytes = bavail * bsize;
    const said = `${formatSize(freeBytes)} are free on the disk of ${path}`;
    const advice = "Make room: delete what you don't need, or `satchel exclude add` folders of the server.";
    if (freeBytes < noFreeBytes) return problem(check, `Only ${said}.`, advice);
    return freeBytes < fewFreeBytes ? warning(check, `Only ${said}.`, advice) : ok(check, `${said}.`);
  } catch {
    return skipped(check, `The disk of ${path} could not be asked.`);
  }
}

/** The folder is there, is the one that was synced, and can be written to. */
export async function checkFolder(folder: string): Promise<Finding> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) {
    const advice = "Mount its disk, or bring it back. Nothing is deleted anywhere until then.";
    return problem("folder", `${folder} is not there.`, advice);
  }
  try {
    await access(join(folder, ".satchel"));
  } catch {
    const advice = "Bring the old folder back; or `satchel logout` and log in anew, which merges this one.";
    return problem("folder", `${folder} is not the folder that was synced: its .satchel is missing.`, advice);
  }
  const isWritable = await probe(folder, async (directory) => {
    await writeFile(join(directory, "probe"), "");
    return true;
  });
  if (isWritable) return ok("folder", `${folder} is there and can be written to.`);
  return problem(
    "folder",
    `${folder} can't be written to.`,
    "Give your user write permission there, or remount its disk.",
  );
}

/** Which names the disk takes for the same. */
export async function checkNames(folder: string): Promise<Finding> {
  const composed = "\u00e9";
  const seen = await probe(folder, async (directory) => {
    await writeFile(join(directory, "Probe"), "case");
    await writeFile(join(directory, composed), "form");
    const has = (name: string): Promise<boolean> =>
      readFile(join(directory, name)).then(
        () => true,
        () => false,
      );
    return { foldsCase: await has("pROBE"), foldsForm: await has(composed.normalize("NFD")) };
  });
  if (!seen) return skipped("names", "The folder's disk could not be tried.");
  const same = [
    ...(seen.foldsCase ? ["names that differ only in case"] : []),
    ...(seen.foldsForm ? ["names that differ only in their Unicode form"] : []),
  ];
  if (same.length === 0) return ok("names", "The folder's disk tells all names apart.");
  return ok(
    "names",
    `The folder's disk takes ${same.join(" and ")} for one: such a pair gets an alias here, and \`satchel status\` names it.`,
  );
}

/** Works in a directory of its own in the engine's folder, which no sync looks at. Undefined when that can't be made. */
async function probe<T>(folder: string, work: (directory: string) => Promise<T>): Promise<T | undefined> {
  const directory = join(folder, ".satchel", `doctor-${randomBytes(6).toString("hex")}`);
  try {
    await mkdir(directory);
    return await work(directory);
  } catch {
    return undefined;
  } finally {
    await rm(directory, { recursive: true, force: true }).catch(() => undefined);
  }
}

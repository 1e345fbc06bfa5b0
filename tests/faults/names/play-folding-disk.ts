import assert from "node:assert/strict";
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@satchel/testkit";
import { signIn, type Device } from "../../e2e/support/device.ts";
import { startServer } from "../../e2e/support/server.ts";

const waitSeconds = 300;

/** One turn: somebody does something on a disk, and both have to show the same from then on. */
interface Turn {
  readonly what: string;
  readonly act: () => void;
  /** What the disk that holds any name shows then: files with their content, folders with a null. */
  readonly shows: Readonly<Record<string, string | null>>;
  /** What the folding disk has instead of some names. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/**
 * Two real devices, of which one has its folder on a real disk that takes two spellings for one name: what people do with letter cases there, and what others do elsewhere. Run by hand, since such a disk has to be mounted:
 * `npm run faults -- --folding DIRECTORY`, a folder on it.
 *
 * @returns how many turns were played @throws when the disk doesn't fold case, and where a device shows something else than it should
 */
export async function playFoldingDisk(directory: string): Promise<{ turns: number }> {
  const synced = await mkdtemp(join(directory, "satchel-"));
  writeFileSync(join(synced, "Probe"), "");
  assert.ok(lstatSync(join(synced, "pROBE"), { throwIfNoEntry: false }), `${directory} is on a disk where case counts`);
  rmSync(join(synced, "Probe"));
  try {
    await using own = await temporaryDirectory("folding");
    await using server = await startServer(own.path);
    const account = await server.addUser("ann");
    await using plain = await signIn({ directory: own.path, name: "plain", url: server.url, account });
    await using folding = await signIn({
      directory: own.path,
      name: "folding",
      url: server.url,
      account,
      folder: synced,
    });
    await plain.start();
    await folding.start();
    const turns = turnsOf(plain, folding);
    for (const turn of turns) await play(turn, plain, folding);
    return { turns: turns.length };
  } finally {
    rmSync(synced, { recursive: true, force: true });
  }
}

async function play({ what, act, shows, aliases = {} }: Turn, plain: Device, folding: Device): Promise<void> {
  act();
  // Each is asked again, for what the other one's news led to.
  for (const device of [plain, folding, plain, folding]) await device.wait(waitSeconds);
  assert.deepEqual(await shownIn(plain), shows, `${what}: on the disk that holds any name`);
  const aliased = Object.entries(shows).map(([path, content]) => [aliases[path] ?? path, content]);
  assert.deepEqual(await shownIn(folding), Object.fromEntries(aliased), `${what}: on the folding disk`);
}

async function shownIn(device: Device): Promise<Record<string, string | null>> {
  const paths = (await readdir(device.folder, { recursive: true })).filter((path) => !path.startsWith(".satchel"));
  const contentOf = (path: string): string | null =>
    lstatSync(device.path(path)).isDirectory() ? null : readFileSync(device.path(path), "utf8");
  return Object.fromEntries(paths.map((path) => [path, contentOf(path)]));
}

function turnsOf(plain: Device, folding: Device): Turn[] {
  const spellings = { readme: "1", README: "2" };
  const aliases = { README: "README‛②" };
  return [
    {
      what: "two names that are one there",
      act: () => {
        writeFileSync(plain.path("readme"), "1");
        writeFileSync(plain.path("notes"), "n");
      },
      shows: { readme: "1", notes: "n" },
    },
    {
      what: "a second spelling",
      act: () => writeFileSync(plain.path("README"), "2"),
      shows: { ...spellings, notes: "n" },
      aliases,
    },
    {
      what: "another case, given there",
      act: () => renameSync(folding.path("notes"), folding.path("NOTES")),
      shows: { ...spellings, NOTES: "n" },
      aliases,
    },
    {
      what: "another case, given elsewhere",
      act: () => renameSync(plain.path("NOTES"), plain.path("Notes")),
      shows: { ...spellings, Notes: "n" },
      aliases,
    },
    {
      what: "a file renamed over another spelling",
      act: () => {
        writeFileSync(folding.path("draft"), "new");
        renameSync(folding.path("draft"), folding.path("nOtEs"));
      },
      shows: { ...spellings, nOtEs: "new" },
      aliases,
    },
    {
      what: "a folder's case, and a file written by another spelling of its path",
      act: () => {
        mkdirSync(plain.path("Dir"));
        writeFileSync(plain.path("Dir", "One"), "one");
      },
      shows: { ...spellings, nOtEs: "new", Dir: null, "Dir/One": "one" },
      aliases,
    },
    {
      what: "a folder's case, given elsewhere",
      act: () => renameSync(plain.path("Dir"), plain.path("dir")),
      shows: { ...spellings, nOtEs: "new", dir: null, "dir/One": "one" },
      aliases,
    },
    {
      what: "a file written by another spelling",
      act: () => writeFileSync(folding.path("dIR", "oNE"), "edited"),
      shows: { ...spellings, nOtEs: "new", dir: null, "dir/One": "edited" },
      aliases,
    },
    {
      what: "the one with the name deleted there",
      act: () => rmSync(folding.path("readme")),
      shows: { README: "2", nOtEs: "new", dir: null, "dir/One": "edited" },
      aliases,
    },
  ];
}

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { isDeepStrictEqual, promisify } from "node:util";
import { goesWithout, temporaryDirectory } from "@satchel/testkit";
import { signUpWithAppPassword } from "./support/app-password.ts";
import { makeBigFile } from "./support/big-file.ts";
import { startServer, type RunningServer } from "./support/server.ts";

const run = promisify(execFile);
const PROGRAM_TIMEOUT_MS = 600_000;
/** Longer than what the program sends in one piece. */
const BIG_BYTES = 25_000_000;
const MAX_ROUNDS = 8;

/** A folder that the command-line client of another server's family keeps, with a state of its own. */
interface OtherDevice {
  readonly path: string;
  sync(): Promise<void>;
  write(name: string, text: string): Promise<void>;
  /** Of all files, by path, with what is in them; a long one by its hash. */
  tree(): Promise<Record<string, string>>;
}

async function openOtherDevice(
  directory: string,
  name: string,
  { server, user, password }: { readonly server: RunningServer; readonly user: string; readonly password: string },
): Promise<OtherDevice> {
  const [home, path] = [join(directory, `${name}-home`), join(directory, name)];
  await mkdir(home);
  await mkdir(path);
  return {
    path,
    async sync() {
      const words = ["--non-interactive", "-s", "--user", user, "--password", password, path, server.url];
      const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, LC_ALL: "C.UTF-8" };
      await run("nextcloudcmd", words, {
        env,
        timeout: PROGRAM_TIMEOUT_MS,
        maxBuffer: 100_000_000,
      });
    },
    write: (file, text) => writeFile(join(path, file), text),
    async tree() {
      const found: Record<string, string> = {};
      for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
        const place = join(entry.parentPath, entry.name);
        const below = place.slice(path.length + 1);
        // The program's own.
        if (/^\.(_?sync_|nextcloudsync|owncloudsync)/.test(below)) continue;
        if (entry.isDirectory()) found[`${below}/`] = "";
        else found[below] = describeContent(await readFile(place));
      }
      return found;
    },
  };
}

function describeContent(bytes: Buffer): string {
  return bytes.length <= 100 ? bytes.toString() : createHash("sha256").update(bytes).digest("hex");
}

/** The program leaves for its next run what was written in the last two seconds, and may stop where it made a conflicted copy: it is run until both have the same. */
async function syncUntilEqual(one: OtherDevice, two: OtherDevice): Promise<Record<string, string>> {
  for (let round = 1; ; round += 1) {
    const outcomes = [await settle(one.sync()), await settle(two.sync())];
    const [here, there] = [await one.tree(), await two.tree()];
    const isDone = outcomes.every(({ status }) => status === "fulfilled") && isDeepStrictEqual(here, there);
    if (isDone) return here;
    if (round < MAX_ROUNDS) continue;
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    assert.deepEqual(here, there);
  }
}

async function settle(work: Promise<void>): Promise<PromiseSettledResult<void>> {
  const [settled] = await Promise.allSettled([work]);
  return settled;
}

test(
  "[WD25] the other family's command-line client keeps two folders the same, and loses nothing",
  { skip: goesWithout("webdav") },
  async (t) => {
    await using directory = await temporaryDirectory("e2e");
    await using server = await startServer(directory.path);
    const signed = { server, ...(await signUpWithAppPassword(server, "ann")) };
    const one = await openOtherDevice(directory.path, "one", signed);
    const two = await openOtherDevice(directory.path, "two", signed);
    const authorization = `Basic ${Buffer.from(`${signed.user}:${signed.password}`).toString("base64")}`;
    const idOf = async (path: string): Promise<string> => {
      const asked = await fetch(`${server.url}/v1/files/resolve?path=${path}`, { headers: { authorization } });
      return ((await asked.json()) as { readonly file_id: string }).file_id;
    };
    const both = () => syncUntilEqual(one, two);

    await t.test("[WD25] files, folders and times come over, long files in parts", async () => {
      await mkdir(join(one.path, "docs", "deep er", "ä"), { recursive: true });
      await mkdir(join(one.path, "empty"));
      await one.write("docs/deep er/ä/a#b?.txt", "text");
      await one.write("zero", "");
      await makeBigFile(join(one.path, "big.bin"), BIG_BYTES, "other");
      const modified = new Date("2020-01-02T03:04:05Z");
      await utimes(join(one.path, "zero"), modified, modified);
      const tree = await both();
      assert.deepEqual(Object.keys(tree).toSorted(), [
        "big.bin",
        "docs/",
        "docs/deep er/",
        "docs/deep er/ä/",
        "docs/deep er/ä/a#b?.txt",
        "empty/",
        "zero",
      ]);
      assert.deepEqual((await stat(join(two.path, "zero"))).mtime, modified);
    });

    await t.test("[WD24] an edit deep inside is seen, by tags of all folders above it", async () => {
      await one.write("docs/deep er/ä/a#b?.txt", "edited text");
      assert.equal((await both())["docs/deep er/ä/a#b?.txt"], "edited text");
      await truncate(join(one.path, "big.bin"), BIG_BYTES - 1);
      await both();
    });

    await t.test("[WD21] what is renamed is known by its id, and not sent again", async () => {
      await rename(join(one.path, "docs"), join(one.path, "papers"));
      await rename(join(one.path, "big.bin"), join(one.path, "papers", "bigger.bin"));
      const before = [await idOf("/docs"), await idOf("/big.bin")];
      const tree = await both();
      assert.ok(tree["papers/bigger.bin"] !== undefined && tree["big.bin"] === undefined);
      assert.deepEqual([await idOf("/papers"), await idOf("/papers/bigger.bin")], before);
    });

    await t.test("[WD25] both edits of a conflict are on both sides", async () => {
      await one.write("papers/deep er/ä/a#b?.txt", "from one");
      await settle(one.sync());
      await two.write("papers/deep er/ä/a#b?.txt", "from two!");
      const tree = await both();
      const texts = Object.values(tree).filter((text) => text.startsWith("from "));
      assert.deepEqual(texts.toSorted(), ["from one", "from two!"]);
    });

    await t.test("[WD25] what is deleted on one side goes on the other", async () => {
      await rm(join(one.path, "papers"), { recursive: true });
      assert.deepEqual(Object.keys(await both()).toSorted(), ["empty/", "zero"]);
    });
  },
);

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { goesWithout, temporaryDirectory } from "@satchel/testkit";
import { makeBigFile } from "./support/big-file.ts";
import { signUpWithAppPassword } from "./support/app-password.ts";
import { startServer, type RunningServer } from "./support/server.ts";

const run = promisify(execFile);
const PROGRAM_TIMEOUT_MS = 600_000;
const LITMUS_TESTS = 104;

interface Signed {
  readonly server: RunningServer;
  readonly directory: string;
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

test(
  "[WD18] litmus, rclone and cadaver work on a server as it is installed",
  { skip: goesWithout("webdav") },
  async (t) => {
    await using directory = await temporaryDirectory("e2e");
    await using server = await startServer(directory.path);
    const { user, password } = await signUpWithAppPassword(server, "ann");
    const signed = { server, directory: directory.path, url: `${server.url}/dav/`, user, password };

    await t.test("[WD18] all of litmus passes", () => passLitmus(signed));
    await t.test("[WD18] rclone syncs both ways, and keeps times", () => syncByRclone(signed));
    await t.test("[WD18] cadaver's session of uploads, properties, locks and moves goes through", () =>
      useCadaver(signed),
    );
  },
);

async function passLitmus({ url, user, password, directory }: Signed): Promise<void> {
  // It leaves its logs where it runs.
  const { stdout } = await run("litmus", ["-k", url, user, password], {
    cwd: directory,
    timeout: PROGRAM_TIMEOUT_MS,
  }).catch((error: { readonly stdout?: string }) => ({ stdout: error.stdout ?? "" }));
  const summaries = [...stdout.matchAll(/of (\d+) tests run: (\d+) passed, (\d+) failed/g)];
  const sum = (nth: number) => summaries.reduce((total, summary) => total + Number(summary[nth]), 0);
  assert.deepEqual([sum(1), sum(2), sum(3)], [LITMUS_TESTS, LITMUS_TESTS, 0], stdout);
  assert.doesNotMatch(stdout, /WARNING/);
}

async function syncByRclone({ url, user, password, directory }: Signed): Promise<void> {
  const environment = {
    ...process.env,
    RCLONE_CONFIG: join(directory, "rclone.conf"),
    RCLONE_CONFIG_SATCHEL_TYPE: "webdav",
    RCLONE_CONFIG_SATCHEL_URL: url,
    // The vendors differ in what they say of times; this one's says it by X-OC-Mtime.
    RCLONE_CONFIG_SATCHEL_VENDOR: "owncloud",
    RCLONE_CONFIG_SATCHEL_USER: user,
    RCLONE_CONFIG_SATCHEL_PASS: (await run("rclone", ["obscure", password])).stdout.trim(),
  };
  const rclone = async (...words: string[]) =>
    (await run("rclone", words, { env: environment, timeout: PROGRAM_TIMEOUT_MS })).stdout;
  const [there, back] = [join(directory, "there"), join(directory, "back")];
  await mkdir(join(there, "ä b", "c#d"), { recursive: true });
  await mkdir(join(there, "empty"));
  await writeFile(join(there, "ä b", "c#d", "x?y%20z.txt"), "text");
  await writeFile(join(there, "zero"), "");
  await makeBigFile(join(there, "big.bin"), 20_000_000, "rclone");
  const modified = new Date("2020-01-02T03:04:05Z");
  await utimes(join(there, "big.bin"), modified, modified);
  const flags = ["--create-empty-src-dirs"];
  await rclone("sync", there, "satchel:rclone", ...flags);
  await rclone("sync", "satchel:rclone", back, ...flags);
  assert.equal(await hashOf(join(back, "big.bin")), await hashOf(join(there, "big.bin")));
  assert.equal(await readFile(join(back, "ä b", "c#d", "x?y%20z.txt"), "utf8"), "text");
  assert.equal((await stat(join(back, "zero"))).size, 0);
  assert.ok((await stat(join(back, "empty"))).isDirectory());
  assert.deepEqual((await stat(join(back, "big.bin"))).mtime, modified);
  assert.match(await rclone("about", "satchel:"), /Used:\s+19\./);
  await rclone("moveto", "satchel:rclone/big.bin", "satchel:rclone/bigger.bin");
  await rclone("purge", "satchel:rclone/ä b");
  assert.deepEqual((await rclone("lsf", "satchel:rclone")).split("\n").filter(Boolean).toSorted(), [
    "bigger.bin",
    "empty/",
    "zero",
  ]);
}

async function useCadaver({ url, user, password, directory }: Signed): Promise<void> {
  const home = join(directory, "home");
  await mkdir(home);
  await writeFile(join(home, ".netrc"), `machine 127.0.0.1 login ${user} password ${password}\n`, { mode: 0o600 });
  await writeFile(join(home, "up.txt"), "by cadaver");
  const session = [
    "mkcol folder",
    "put up.txt folder/a.txt",
    "propset folder/a.txt colour red",
    "propget folder/a.txt colour",
    "lock folder/a.txt",
    "discover folder/a.txt",
    "copy folder/a.txt folder/b.txt",
    "put up.txt folder/a.txt",
    "unlock folder/a.txt",
    "move folder/b.txt folder/c.txt",
    "get folder/c.txt down.txt",
    "delete folder/a.txt",
    "ls folder",
    "rmcol folder",
    "quit",
  ];
  const script = join(home, "session");
  await writeFile(script, `${session.join("\n")}\n`);
  const { stdout } = await run("cadaver", ["-r", script, url], {
    cwd: home,
    env: { ...process.env, HOME: home },
    timeout: PROGRAM_TIMEOUT_MS,
  });
  assert.doesNotMatch(stdout, /failed/i);
  assert.match(stdout, /Value of colour is: red/);
  assert.match(stdout, /Lock token <urn:uuid:/);
  assert.match(stdout, /c\.txt\s+10 /);
  assert.equal(await readFile(join(home, "down.txt"), "utf8"), "by cadaver");
}

async function hashOf(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

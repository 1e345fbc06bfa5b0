import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { getPriority, tmpdir } from "node:os";
import { dirname } from "node:path";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { findIsolation } from "./isolation.ts";
import { ProgramError, type ProgramFailure } from "./program-error.ts";
import { runProgram, type ProgramLimits, type ProgramRun } from "./run-program.ts";

const limits: ProgramLimits = {
  cpuSeconds: 60,
  memoryBytes: 2 ** 30,
  fileBytes: 2 ** 20,
  inputBytes: 1000,
  outputBytes: 10_000,
  wallMs: 120_000,
};

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

/** A shell's words on a file. */
async function shell(
  script: string,
  more: Partial<ProgramRun> = {},
  own: Partial<ProgramLimits> = {},
): Promise<string> {
  const output = await runProgram({
    program: "sh",
    words: ({ input, folder }) => ["-c", script, "sh", input, folder],
    input: pieces("hello ", "world"),
    inputName: "input.txt",
    limits: { ...limits, ...own },
    ...more,
  });
  return Buffer.from(output).toString();
}

const failing =
  (...failures: ProgramFailure[]) =>
  (error: unknown) =>
    error instanceof ProgramError && failures.includes(error.failure);

test("[WK20] a program is handed one file, and gives its output or a file that it made; its folder is gone afterwards", async () => {
  assert.equal(await shell('cat "$1"; ls "$2"'), "hello worldinput.txt\n");
  assert.equal(await shell('tr a-z A-Z < "$1" > "$2/out"; echo other', { outputName: "out" }), "HELLO WORLD");
  const folder = (await shell('printf %s "$2"')).toString();
  assert.ok(folder.startsWith(tmpdir()) && !existsSync(dirname(folder)));
  await assert.rejects(shell("true", { outputName: "out" }), failing("refused"));
  await assert.rejects(shell("echo no >&2; exit 3"), /sh failed: no$/);
});

test("[WK20] what isn't installed, a file that is too large, and words that aren't a shell's", async () => {
  await assert.rejects(shell("", { program: "no-such-program-anywhere" }), failing("missing"));
  await assert.rejects(shell("cat", { input: pieces("x".repeat(1001)) }), failing("input_too_large"));
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from("some");
    throw new Error("a chunk is lost");
  };
  await assert.rejects(shell("cat", { input: broken() }), /a chunk is lost/);
  assert.equal(await shell("", { program: "echo", words: () => ["$(id)", ";", "`id`"] }), "$(id) ; `id`\n");
});

test("[WK21] an endless loop, a sleep, endless output, a huge file and a memory bomb all end", async () => {
  await Promise.all([
    assert.rejects(shell("while :; do :; done", {}, { cpuSeconds: 1 }), failing("killed", "refused")),
    assert.rejects(shell("sleep 1000", {}, { wallMs: 300 }), failing("too_long")),
    assert.rejects(shell("yes"), failing("output_too_large")),
    assert.rejects(
      shell('yes > "$2/out"', { outputName: "out" }, { fileBytes: 100_000 }),
      failing("killed", "refused"),
    ),
    // A line without an end, which has to be kept whole.
    assert.rejects(
      shell("head -c 400000000 /dev/zero | tail -n 1", {}, { memoryBytes: 5e7 }),
      failing("killed", "refused"),
    ),
    assert.rejects(shell('head -c 20000 /dev/zero > "$2/out"', { outputName: "out" }), failing("output_too_large")),
  ]);
});

test("[WK21] what nobody waits for lets all else go first", async () => {
  const own = getPriority();
  assert.equal(await shell("nice"), `${own}\n`);
  assert.equal(await shell("nice", { inBackground: true }), `${Math.min(19, own + 5)}\n`);
});

test("[WK22] processes that a program leaves behind end with it, and so does one that is no longer wanted", async () => {
  // It would hold the output open for as long as it lived.
  assert.equal(await shell("sleep 1000 & echo done"), "done\n");
  await assert.rejects(shell("bomb() { sleep 1000 & bomb; }; bomb", {}, { wallMs: 500, cpuSeconds: 2 }), ProgramError);
  const stopping = new AbortController();
  const running = shell("sleep 1000", { signal: stopping.signal });
  stopping.abort(new Error("the server stops"));
  await assert.rejects(running, /the server stops/);
});

test("[WK23] a program sees nothing of the server's environment, and no network where that can be kept from it", async () => {
  process.env["SATCHEL_TRY_SECRET"] = "secret";
  try {
    assert.doesNotMatch(await shell("env"), /SATCHEL|secret/);
  } finally {
    delete process.env["SATCHEL_TRY_SECRET"];
  }
  const isolation = await findIsolation();
  assert.ok(isolation);
  const interfaces = (await shell("tail -n +3 /proc/net/dev")).trim().split("\n");
  assert.equal(
    interfaces.every((line) => line.trim().startsWith("lo:")),
    isolation.hasNamespaces || interfaces.length === 1,
  );
  // Where it sees only its own processes, the first of them is what was started.
  if (isolation.hidesProcesses) assert.match(await shell("cat /proc/1/comm"), /^(sh|cat)\n$/);
});

test("[WK24] a program sees no file of the server's, and can write into its own folder only, where files can be kept from it", async () => {
  await using directory = await temporaryDirectory("server");
  await writeFile(directory.join("master.key"), "the secret");
  const look = `cat "${directory.join("master.key")}" 2>&1`;
  const { hidesFiles } = (await findIsolation()) ?? {};
  if (hidesFiles !== true) return assert.equal(await shell(look), "the secret");
  const tell = `${look}; ls ${tmpdir()} | wc -l; for place in /usr /etc /dev / ${tmpdir()}; do touch $place/made 2>/dev/null && echo "made in $place"; done; touch "$2/made" && echo own`;
  const told = await shell(tell);
  assert.doesNotMatch(told, /the secret|made in/);
  // Of the folder for temporary files there is only what leads to its own.
  assert.match(told, /\n *1\nown\n$/);
  // Nor can it undo that: it may mount nothing, and there is nothing behind it.
  assert.match(await shell("mount -o remount,rw / 2>&1 || echo refused"), /refused\n$/);
  assert.match(await shell("chroot / true 2>&1 || echo refused"), /refused\n$/);
  assert.equal(await shell(`cat "$1" ${directory.join("more")}`, { reads: [] }).catch(() => "refused"), "refused");
  await writeFile(directory.join("more"), ", and more");
  assert.equal(
    await shell(`cat "$1" ${directory.join("more")}`, { reads: [directory.join("more")] }),
    "hello world, and more",
  );
});

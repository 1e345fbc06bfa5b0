import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import { goesWithout, temporaryDirectory, type TemporaryDirectory } from "@satchel/testkit";
import { fakeContext, runClient } from "./fake-context.fixture.ts";

const TIMEOUT_MS = 60_000;

suite("completion in the shells themselves", () => {
  let directory: TemporaryDirectory;

  before(async () => {
    directory = await temporaryDirectory("completion");
    for (const shell of ["bash", "zsh", "fish"]) {
      const context = fakeContext(directory.path);
      assert.equal(await runClient(["completion", shell], context), 0);
      writeFileSync(directory.join(`satchel.${shell}`), context.terminal.out.join("\n"));
    }
    writeFileSync(directory.join("notes.md"), "");
  });
  after(() => directory.remove());

  /** Runs a program of a shell, in the directory. A shell that is missing fails the test, which says how to get it. */
  function runShell(shell: string, words: readonly string[]): string {
    const environment = { PATH: process.env["PATH"], HOME: directory.path, TERM: "dumb" };
    try {
      return execFileSync(shell, words, {
        cwd: directory.path,
        env: environment,
        encoding: "utf8",
        timeout: TIMEOUT_MS,
        stdio: ["ignore", "pipe", "pipe"],
      });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
      throw new Error(
        `${shell} is not installed. On Debian or Ubuntu: \`apt-get install ${shell}\`; \`npm test\` does it as root or with sudo.`,
        { cause: error },
      );
    }
  }

  test("[CL7] bash offers what fits where the cursor is", () => {
    const offers = (...line: readonly string[]): string[] => {
      const program = `source satchel.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _satchel; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return runShell("bash", ["--norc", "-c", program, "bash", "satchel", ...line])
        .split("\n")
        .filter(Boolean);
    };
    assert.deepEqual(offers("vers"), ["versions"]);
    assert.deepEqual(offers("ignore", "t"), ["test"]);
    assert.deepEqual(offers("status", "--js"), ["--json"]);
    assert.deepEqual(offers("login", "--us"), ["--user"]);
    assert.deepEqual(offers("versions", "vers"), []);
  });

  if (!goesWithout("shells")) {
    test("[CL7] fish offers what fits where the cursor is, and files where nothing else does", () => {
      const offers = (line: string): string[] => {
        const program = "source satchel.fish; complete -C $argv[1]";
        const told = runShell("fish", ["--no-config", "-c", program, line]);
        return told.split("\n").flatMap((offer) => offer.split("\t")[0] || []);
      };
      assert.deepEqual(offers("satchel vers"), ["versions"]);
      assert.deepEqual(offers("satchel ignore t"), ["test"]);
      assert.deepEqual(offers("satchel status --js"), ["--json"]);
      assert.deepEqual(offers("satchel login --us"), ["--user"]);
      assert.deepEqual(offers("satchel get not"), ["notes.md"]);
      // A word of the program is none of a command.
      assert.deepEqual(offers("satchel versions vers"), []);
    });

    test("[CL7] zsh completes what fits where the cursor is, sourced or from fpath", () => {
      mkdirSync(directory.join("functions"));
      execFileSync("cp", [directory.join("satchel.zsh"), directory.join("functions/_satchel")]);
      const lines = ["vers", "ignore t", "status --js", "login --us", "get not", "versions vers"];
      const completed = ["versions", "ignore test", "status --json", "login --user", "get notes.md", "versions vers"];
      const prepared = {
        sourced: "autoload -U compinit; compinit -u -D; source ./satchel.zsh",
        fromPath: "fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -D",
      };
      for (const prepare of Object.values(prepared)) {
        const told = runShell("zsh", ["-f", "-c", typeInZsh(prepare, lines)]);
        assert.deepEqual(told.trimEnd().split("\n"), completed);
      }
    });
  }
});

/** A person in front of zsh, who types each line, presses tab and then return; prints what the program was called with. */
function typeInZsh(prepare: string, lines: readonly string[]): string {
  const typed = lines.map((line) => `'satchel ${line}'`).join(" ");
  return `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=; stty -echo; satchel() { print -r -- "<CALLED" $* ">" }; ${prepare}'
zpty -w shell 'print REA""DY'
zpty -r shell out '*READY*'
for line in ${typed}; do
  zpty -w -n shell "$line"$'\\t\\n'
  zpty -r shell out '*<CALLED*>*'
  print -r -- "\${\${out##*<CALLED }%% >*}"
done
zpty -d shell`;
}

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { temporaryDirectory, type TemporaryDirectory } from "@satchel/testkit";
import { ensureInstalled, type Need } from "./ensure-installed.ts";
import { postgres, shells } from "./needs.ts";

const install = "install -y -q --no-install-recommends postgresql";

/** A machine without the program, whose apt-get writes down what it is asked, and does what the test says. */
function machine(directory: TemporaryDirectory, aptGet: string) {
  const bin = directory.join("bin");
  mkdirSync(bin);
  const put = (name: string, script: string): void => {
    writeFileSync(`${bin}/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(`${bin}/${name}`, 0o755);
  };
  put("apt-get", `echo "$DEBIAN_FRONTEND: $*" >> "${bin}/asked"\n${aptGet}`);
  // For who runs the tests without being root.
  put("sudo", 'while [ "$1" = -n ]; do shift; done\nexec "$@"');
  const environment = { PATH: `${bin}:/usr/bin:/bin` };
  const isThere = (): boolean => existsSync(`${bin}/postgres`);
  const need: Need = { ...postgres, isThere };
  const asked = (): string[] => readFileSync(`${bin}/asked`, "utf8").trimEnd().split("\n");
  return { bin, need, environment, asked };
}

test("[RP15] what is there is not installed", async () => {
  await using directory = await temporaryDirectory("apt");
  const { bin, need, environment } = machine(directory, "exit 0");
  writeFileSync(`${bin}/postgres`, "");
  ensureInstalled(need, environment);
  assert.equal(existsSync(`${bin}/asked`), false);
});

test("[RP15] what is missing is installed, without a question to anybody", async () => {
  await using directory = await temporaryDirectory("apt");
  const { need, environment, asked } = machine(directory, `touch "${directory.join("bin")}/postgres"`);
  ensureInstalled(need, environment);
  assert.deepEqual(asked(), [`noninteractive: ${install}`]);
});

test("[RP15] a machine without package lists gets them first", async () => {
  await using directory = await temporaryDirectory("apt");
  const bin = directory.join("bin");
  const aptGet = `case "$1" in update) touch "${bin}/lists" ;; *) [ -e "${bin}/lists" ] && touch "${bin}/postgres" ;; esac`;
  const { need, environment, asked } = machine(directory, aptGet);
  ensureInstalled(need, environment);
  assert.deepEqual(
    asked(),
    [install, "update -q", install].map((words) => `noninteractive: ${words}`),
  );
});

test("[RP15] what can't be installed ends the run, with what to do", async () => {
  await using directory = await temporaryDirectory("apt");
  const { need, environment, asked } = machine(directory, "exit 100");
  assert.throws(
    () => ensureInstalled(need, environment),
    /apt-get could not install postgresql\. .*SATCHEL_TEST_WITHOUT=postgres npm test/,
  );
  assert.equal(asked().length, 2);
});

test("[RP15] what was installed and is not found ends the run, too", async () => {
  await using directory = await temporaryDirectory("apt");
  const { need, environment } = machine(directory, "exit 0");
  assert.throws(() => ensureInstalled(need, environment), /is installed, but was not found\. .*its bin folder on PATH/);
});

test("[RP15] each need names the way to go without it", () => {
  assert.match(postgres.wayOut, /SATCHEL_TEST_WITHOUT=postgres /);
  assert.match(shells.wayOut, /SATCHEL_TEST_WITHOUT=shells /);
});

test("[RP15] what no package has is built, with what packages bring where that is missing", async () => {
  await using directory = await temporaryDirectory("apt");
  const compiler = directory.join("compiler");
  const { bin, need, environment, asked } = machine(directory, `touch "${compiler}"`);
  let tries = 0;
  const build = (): boolean => {
    tries += 1;
    if (existsSync(compiler)) writeFileSync(`${bin}/postgres`, "");
    return existsSync(compiler);
  };
  ensureInstalled({ ...need, build }, environment);
  assert.deepEqual([tries, asked()], [2, [`noninteractive: ${install}`]]);
});

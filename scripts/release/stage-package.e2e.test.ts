import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { stagePackage } from "./stage-package.ts";

const modules = join(import.meta.dirname, "../../node_modules");

test(
  "[PK1] what npm packs runs from node_modules: server, documentation and a folder in sync",
  { timeout: 170_000 },
  async () => {
    await using directory = await temporaryDirectory("package");
    const pages = directory.join("pages");
    mkdirSync(pages);
    writeFileSync(join(pages, "index.html"), "<!doctype html><title>Satchel</title>");
    const staged = directory.join("staged");
    const { version } = stagePackage(staged, { pages });
    execFileSync("npm", ["pack", "--silent", "--pack-destination", directory.path], { cwd: staged });
    const installed = directory.join("installed/node_modules");
    mkdirSync(join(installed, "satchel"), { recursive: true });
    const tarball = directory.join(`satchel-${version}.tgz`);
    execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", join(installed, "satchel")]);
    // In the place of what the registry would bring.
    for (const name of readdirSync(modules))
      if (name !== "@satchel" && name !== "satchel") symlinkSync(join(modules, name), join(installed, name));
    const shipped = readdirSync(join(installed, "satchel"), { recursive: true }).map(String);
    assert.deepEqual(
      shipped.filter((name) => /\.ts$|\.test\.js$|\.fixture\.js$/.test(name)),
      [],
    );
    const bin = join(installed, "satchel/bin/satchel.mjs");
    const home = directory.join("home");
    const env = {
      ...process.env,
      NO_COLOR: "1",
      HOME: home,
      SATCHEL_HOME: join(home, "device"),
      SATCHEL_DATA: join(home, "data"),
    };
    const run = (...words: string[]): string =>
      execFileSync(process.execPath, [bin, ...words], { env, encoding: "utf8" });
    assert.equal(run("--version").trim(), version);

    const folder = directory.join("folder");
    mkdirSync(folder);
    writeFileSync(join(folder, "a.txt"), "packed");
    const up = spawn(process.execPath, [bin, "up", folder, "--listen", "127.0.0.1:0"], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(up, "close");
    try {
      const [[, url = ""]] = await Promise.all([
        lineOf(up.stdout, /^Satchel is ready at (\S+)$/),
        lineOf(up.stderr, /^Everything is in sync\.$/),
      ]);
      assert.equal((await fetch(`${url}/docs`)).status, 200);
      const fetched = directory.join("fetched.txt");
      run("get", "/a.txt", fetched);
      assert.equal(readFileSync(fetched, "utf8"), "packed");
    } finally {
      up.kill("SIGTERM");
      await ended;
    }
  },
);

test("[PK1] the package says all that it needs, with ours inside", async () => {
  await using directory = await temporaryDirectory("package");
  const pages = directory.join("pages");
  mkdirSync(pages);
  stagePackage(directory.join("staged"), { pages });
  const manifest = JSON.parse(readFileSync(directory.join("staged/package.json"), "utf8")) as {
    readonly dependencies: Record<string, string>;
    readonly bundleDependencies: readonly string[];
  };
  const inside = readdirSync(directory.join("staged/node_modules/@satchel")).map((name) => `@satchel/${name}`);
  assert.deepEqual([...manifest.bundleDependencies].sort(), inside.sort());
  for (const [name, version] of Object.entries(manifest.dependencies)) assert.match(version, /^\d+\.\d+\.\d+$/, name);
});

/** The first line that fits; the rest is read past. @throws when the stream ends without one */
async function lineOf(stream: Readable, pattern: RegExp): Promise<RegExpExecArray> {
  const lines = createInterface({ input: stream });
  return new Promise((done, fail) => {
    lines.on("line", (line) => {
      const found = pattern.exec(line);
      if (found) done(found);
    });
    lines.on("close", () => fail(new Error(`the program ended without a line like ${pattern.source}`)));
  });
}

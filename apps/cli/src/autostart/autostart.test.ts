import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { test } from "node:test";
import { temporaryDirectory, type TemporaryDirectory } from "@satchel/testkit";
import { fakeContext } from "../commands/fake-context.fixture.ts";
import { autostart } from "./autostart.ts";
import { loginEntry, type LoginStart } from "./login-entry.ts";

const places = { homeDirectory: "/home/ann", configDirectory: undefined };
const odd: LoginStart = {
  name: "satchel",
  program: ["/opt/node", "/opt/main.js"],
  folder: `/home/ann/100% "of" $HOME\\ & <all>`,
  home: "/home/ann/.state",
};

function contextIn(directory: TemporaryDirectory) {
  const context = fakeContext(directory.join("state"));
  return { ...context, env: { ...context.env, HOME: directory.path }, program: ["/opt/node", "/opt/main.js"] as const };
}

function textOf(platform: NodeJS.Platform): string {
  const entry = loginEntry(platform, odd, places);
  assert.ok(entry);
  return entry.kind === "file" ? entry.text : entry.value;
}

test("[CL83] on Linux it is an enabled unit of the person's own, and off leaves nothing of it", async () => {
  await using directory = await temporaryDirectory("autostart");
  const context = contextIn(directory);
  const turn = async (word: string, folder?: string) =>
    autostart(context, { turn: word, folder, platform: "linux" }, {});
  await assert.rejects(turn("on"), /Name the folder/);
  await assert.rejects(turn("maybe"), /on, off or status/);
  await turn("on", directory.join("Satchel"));
  await turn("on", directory.join("Satchel"));
  const { entryPath, linkPath } = pathsIn(directory);
  assert.equal(realpathSync(linkPath), realpathSync(entryPath));
  const text = readFileSync(linkPath, "utf8");
  const words = ["/opt/node", "/opt/main.js", "sync", directory.join("Satchel"), "--home", directory.join("state")];
  assert.ok(text.includes(`ExecStart=${words.map((word) => `"${word}"`).join(" ")} "--background"\n`), text);
  await turn("status");
  await turn("off");
  await turn("off");
  assert.deepEqual([existsSync(linkPath), existsSync(entryPath)], [false, false]);
  await turn("status");
  assert.match(context.terminal.out.at(-1) ?? "", /Nothing is started/);
});

function pathsIn(directory: TemporaryDirectory) {
  const entry = loginEntry(
    "linux",
    { ...odd, name: nameIn(directory) },
    {
      homeDirectory: directory.path,
      configDirectory: undefined,
    },
  );
  assert.ok(entry?.kind === "file" && entry.link !== undefined);
  return { entryPath: entry.path, linkPath: entry.link };
}

/** Another home than the usual one has a name of its own. */
function nameIn(directory: TemporaryDirectory): string {
  const [name = ""] = unitsIn(directory);
  assert.match(name, /^satchel-[\da-f]{8}$/);
  return name;
}

function unitsIn(directory: TemporaryDirectory): string[] {
  return readdirSync(directory.join(".config/systemd/user"))
    .filter((name) => name.endsWith(".service"))
    .map((name) => name.replace(/\.service$/, ""));
}

test("[CL83] whatever a folder is called, each system starts it by that name", () => {
  assert.ok(textOf("linux").includes(String.raw`"/home/ann/100%% \"of\" $$HOME\\ & <all>"`), textOf("linux"));
  assert.ok(textOf("darwin").includes(String.raw`<string>/home/ann/100% "of" $HOME\ &amp; &lt;all&gt;</string>`));
  assert.ok(textOf("win32").includes(String.raw`"start" "/home/ann/100% \"of\" $HOME\ & <all>" "--home"`));
  const lines = loginEntry("linux", { ...odd, folder: "/a\nb\rExecStartPre=c" }, places);
  assert.ok(lines?.kind === "file" && lines.text.includes(String.raw`"/a\nb\rExecStartPre=c"`));
  assert.equal(loginEntry("aix", odd, places), undefined);
});

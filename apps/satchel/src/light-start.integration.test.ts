import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@satchel/testkit";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

/** Writes down what a process has loaded when it ends. */
const listing = `
import { registerHooks } from "node:module";
import { writeFileSync } from "node:fs";
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
process.on("exit", () => writeFileSync(process.env.LOADED_MODULES, loaded.join("\\n")));
`;

/** Each is heavy, or brings along what is. */
const heavy = /packages\/(api-client|engine|protocol)\/|node_modules\/(undici|zod|ws)\//;

test("[CL81] what is asked in a prompt loads neither the client of the API nor the engine", async () => {
  await using directory = await temporaryDirectory();
  const list = directory.join("loaded");
  const environment = { ...process.env, LOADED_MODULES: list };
  for (const words of [["--version"], ["--help"], ["status", "--home", directory.join("home")]]) {
    const hooks = `data:text/javascript,${encodeURIComponent(listing)}`;
    await new Promise<void>((resolve) => {
      // `status` without a sync fails, as it should; what it loaded counts.
      execFile(process.execPath, ["--import", hooks, main, ...words], { env: environment }, () => resolve());
    });
    const loaded = (await readFile(list, "utf8")).split("\n");
    assert.ok(
      loaded.some((url) => url.endsWith("/run-command-line.ts")),
      words.join(" "),
    );
    assert.deepEqual(
      loaded.filter((url) => heavy.test(url)),
      [],
      words.join(" "),
    );
  }
});

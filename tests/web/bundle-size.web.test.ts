import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../../apps/web/dist", import.meta.url));
/** Compressed script that the file list may need, in bytes. */
const budget = 200_000;

test("[W22] the first look costs under 200 KB of compressed script", async (t) => {
  const page = await readFile(join(dist, "index.html"), "utf8");
  const scripts = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? "");
  assert.ok(scripts.length > 0, "the page names no script");
  const sizes = await Promise.all(scripts.map(async (path) => (await stat(join(dist, `${path}.br`))).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  t.diagnostic(`${total} bytes in ${scripts.length} files`);
  assert.ok(total < budget, `${total} bytes`);
});

test("[W22] what is served compressed is all there", async () => {
  const files = await readdir(join(dist, "assets"));
  const plain = files.filter((name) => /\.(?:js|css)$/.test(name));
  assert.deepEqual(
    plain.filter((name) => !files.includes(`${name}.br`)),
    [],
  );
});

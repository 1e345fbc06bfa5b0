import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Where `npm run dev` finds the server, which answers everything that isn't the app. */
const server = process.env["SATCHEL_DEV_SERVER"] ?? "http://127.0.0.1:7420";
const compress = promisify(brotliCompress);

/** Leaves a Brotli file beside each script and style, so that the server compresses nothing while it serves. */
function precompress(): Plugin {
  let assets = "";
  return {
    name: "precompress",
    apply: "build",
    configResolved: (config) => {
      assets = join(config.root, config.build.outDir, config.build.assetsDir);
    },
    closeBundle: async () => {
      const files = (await readdir(assets)).filter((name) => /\.(?:js|css)$/.test(name));
      await Promise.all(
        files.map(async (name) =>
          writeFile(join(assets, `${name}.br`), await compress(await readFile(join(assets, name)))),
        ),
      );
    },
  };
}

// oxlint-disable-next-line import/no-default-export -- Vite asks for one
export default defineConfig({
  plugins: [react(), precompress()],
  build: {
    target: "es2024",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // All that the first look needs is one file: a dozen small ones, parted by who else uses them, compress worse.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "first", test: /src[\\/]main\.tsx$/ }] } } },
  },
  worker: { format: "es" },
  server: { proxy: { "/v1": { target: server, ws: true } } },
});

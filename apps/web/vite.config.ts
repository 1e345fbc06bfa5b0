import { readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
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
      // For the service worker, which keeps all of them where files are kept offline.
      await writeFile(join(assets, "../asset-list.json"), JSON.stringify(files.map((name) => `assets/${name}`)));
    },
  };
}

/** Parts of zod that write JSON schemas: the server's description of its API needs them, and a tenth of the first look's script was theirs. */
const schemaWriters = /[/\\]zod[/\\]v4[/\\]core[/\\](?:to-json-schema|json-schema-processors)\.js$/;

/** In a browser nothing describes schemas: what would is left out, under the names that it has. */
function leaveOutSchemaWriters(): Plugin {
  return {
    name: "leave-out-schema-writers",
    transform(code, id) {
      if (!schemaWriters.test(id)) return undefined;
      const names = [...code.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
      return { code: names.map((name) => `export const ${name} = () => () => undefined;`).join("\n"), map: null };
    },
  };
}

/** Folders of pdf.js whose files are fetched by name, when a document needs one: character maps, fonts, decoders. */
const pdfFolders = ["cmaps", "standard_fonts", "wasm"] as const;

/** Leaves them beside the scripts, under names that say the version (`open-pdf.ts`). */
function emitPdfFiles(): Plugin {
  return {
    name: "pdf-files",
    apply: "build",
    async generateBundle() {
      const manifest = createRequire(import.meta.url).resolve("pdfjs-dist/package.json");
      const { version } = JSON.parse(await readFile(manifest, "utf8")) as { readonly version: string };
      for (const folder of pdfFolders) {
        const path = join(dirname(manifest), folder);
        for (const name of (await readdir(path)).filter((file) => /\.(?:bcmap|pfb|ttf|wasm)$/.test(file))) {
          const source = await readFile(join(path, name));
          this.emitFile({ type: "asset", fileName: `assets/pdf-${version}-${name}`, source });
        }
      }
    },
  };
}

// oxlint-disable-next-line import/no-default-export -- Vite asks for one
export default defineConfig({
  // The server says which path is in front of it, when it sends the page.
  base: "./",
  plugins: [react(), leaveOutSchemaWriters(), emitPdfFiles(), precompress()],
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

// `npm run release [-- FOLDER]`: the packages for npm and Debian with their bill of materials and sums, in `dist/release` if no folder is named. Nothing is published.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensureWebApp } from "../build-web.mjs";
import { buildDebian } from "./stage-debian.ts";
import { builtPages, stagePackage } from "./stage-package.ts";

/** Debian's names for what Node calls otherwise. */
const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, "../../dist/release"));
const scratch = join(folder, "scratch");

function npm(words: readonly string[], cwd: string): string {
  return execFileSync("npm", [...words], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1e9,
  });
}

ensureWebApp();
rmSync(folder, { recursive: true, force: true });
const staged = join(scratch, "satchel");
const { version } = stagePackage(staged, { pages: builtPages });
npm(["pack", "--silent", "--pack-destination", folder], staged);
const tarball = `satchel-${version}.tgz`;

const installed = join(scratch, "installed");
mkdirSync(installed);
writeFileSync(join(installed, "package.json"), `{"name": "installed", "version": "${version}", "private": true}`);
npm(["install", "--omit=dev", "--no-audit", "--no-fund", "--ignore-scripts", join(folder, tarball)], installed);
writeFileSync(join(folder, `satchel-${version}.cdx.json`), npm(["sbom", "--sbom-format", "cyclonedx"], installed));

const architecture = architectures[process.arch];
if (process.platform === "linux" && architecture !== undefined)
  buildDebian({ installed, node: process.execPath, version, architecture }, folder);
rmSync(scratch, { recursive: true });

const sums = readdirSync(folder)
  .sort()
  .map(
    (name) =>
      `${createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex")}  ${name}\n`,
  );
writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
process.stdout.write(sums.join(""));

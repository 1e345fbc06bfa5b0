import { dirname, join, normalize } from "node:path/posix";
import type { ModuleImport } from "./find-imports.ts";

/** What the threads of a device, and those of the server's chunk store, begin with. Each thread loads all that its entry leads to once more, into memory of its own. */
export const THREAD_ENTRIES: readonly string[] = [
  "packages/engine/src/disk/workers/disk-worker.ts",
  "packages/engine/src/watch/watch-worker.ts",
  "apps/server/src/storage/chunks/thread/store-worker.ts",
];

/** The parts of the tree that lead from module to module. */
export interface ModuleTree {
  /** Imports by the path of the module. */
  readonly modules: ReadonlyMap<string, readonly ModuleImport[]>;
  /** The entry of each of our packages, by its name. */
  readonly entries: ReadonlyMap<string, string>;
}

/** What is wrong with the threads' entries: they lead to nothing but our own modules and Node's. */
export function threadProblems(tree: ModuleTree, threads: readonly string[]): string[] {
  return threads.flatMap((entry) => {
    if (!tree.modules.has(entry))
      return [`${entry} is no module: name the thread's entry in scripts/check/thin-threads.ts`];
    return [...foreignImports(tree, entry)].map(
      ([specifier, path]) =>
        `${path} imports ${specifier}, and the thread of ${entry} loads it with all that it needs: megabytes in each thread. Import its types only, or ask the main thread`,
    );
  });
}

/** Other people's packages that an entry leads to, each with the first module that imports it. */
function foreignImports({ modules, entries }: ModuleTree, entry: string): Map<string, string> {
  const found = new Map<string, string>();
  const passed = new Set([entry]);
  for (const path of passed) {
    for (const { specifier, typeOnly } of modules.get(path) ?? []) {
      if (typeOnly || specifier === undefined || specifier.startsWith("node:")) continue;
      const next = specifier.startsWith(".") ? normalize(join(dirname(path), specifier)) : entries.get(specifier);
      if (next !== undefined) passed.add(next);
      else if (!found.has(specifier)) found.set(specifier, path);
    }
  }
  return found;
}

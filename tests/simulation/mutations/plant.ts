import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Mutation } from "./mutations.ts";

/** The repository's root. */
export const repository = join(import.meta.dirname, "../../..");

/** The source with the fault in it. @throws when the snippet is not there exactly once: then the mutation has to be written anew */
export function mutate(source: string, { name, file, snippet, replacement }: Mutation): string {
  const [before, after, ...more] = source.split(snippet);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`the mutation ${name}: its snippet is not exactly once in ${file}`);
  return before + replacement + after;
}

/** From now on the mutation's file is loaded with the fault in it. Answers whether that has happened. */
export function plant(mutation: Mutation): () => boolean {
  const url = pathToFileURL(join(repository, mutation.file)).href;
  let isPlanted = false;
  registerHooks({
    load(loadedUrl, context, nextLoad) {
      const loaded = nextLoad(loadedUrl, context);
      if (loadedUrl !== url) return loaded;
      isPlanted = true;
      return { ...loaded, source: mutate(readFileSync(fileURLToPath(url), "utf8"), mutation) };
    },
  });
  return () => isPlanted;
}

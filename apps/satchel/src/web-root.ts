import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the built web app lies: in the package `@satchel/web`. Undefined where it was not built, and the server then has no pages. */
export function findWebRoot(): string | undefined {
  const root = join(dirname(fileURLToPath(import.meta.resolve("@satchel/web/package.json"))), "dist");
  return existsSync(join(root, "index.html")) ? root : undefined;
}

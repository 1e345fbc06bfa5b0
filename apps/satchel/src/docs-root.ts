import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where the documentation may lie: in the package, or in the repository that the package is in. */
const places = ["docs", "../../docs"] as const;

/** The folder that the server shows at `/docs`. Undefined where the program came without. */
export function findDocsRoot(): string | undefined {
  const ofPackage = join(import.meta.dirname, "..");
  return places.map((place) => join(ofPackage, place)).find((root) => existsSync(join(root, "index.md")));
}

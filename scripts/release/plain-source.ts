import { stripTypeScriptTypes } from "node:module";

/** Where a module's name stands: behind `from`, in an `import`, and in the address of a worker. */
const moduleNames = /(\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)(["'])([^"'\n]+)\.ts\2/g;

/** TypeScript without its types, line for line, and with the names of other modules as they are then: Node refuses to run TypeScript that lies in `node_modules`. */
export function plainSource(source: string): string {
  return stripTypeScriptTypes(source, { mode: "strip" }).replaceAll(moduleNames, "$1$2$3.js$2");
}

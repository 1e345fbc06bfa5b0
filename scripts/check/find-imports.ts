import { parseSync, Visitor } from "oxc-parser";

/** One import in a module, of whatever form. */
export interface ModuleImport {
  /** What is imported, as written; undefined when it is computed. */
  readonly specifier: string | undefined;
  /** Only types: gone when the program runs. */
  readonly typeOnly: boolean;
  /** First is 1. */
  readonly line: number;
}

/** Other files, such as a page that a test compares with, are data. */
const MODULE_PATH = /^\..*\.(ts|mjs|js)$/;

/**
 * Every import of a module: static and dynamic, re-exports, `import("…")` in types, and files named by
 * `new URL("…", import.meta.url)` (workers).
 *
 * @throws when the file does not parse
 */
export function findImports(path: string, text: string): ModuleImport[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors.map(({ message }) => message).join("; ")}`);
  const found: ModuleImport[] = [];
  const add = (specifier: string | undefined, typeOnly: boolean, offset: number): void => {
    found.push({ specifier, typeOnly, line: text.slice(0, offset).split("\n").length });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source.value, node.importKind === "type", node.start),
    ExportAllDeclaration: (node) => add(node.source.value, node.exportKind === "type", node.start),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.source.value, node.exportKind === "type", node.start);
    },
    ImportExpression: (node) => add(stringValue(node.source), false, node.start),
    TSImportType: (node) => add(stringValue(node.source), true, node.start),
    NewExpression: (node) => {
      const [first, second] = node.arguments;
      const named = first === undefined ? undefined : stringValue(first);
      const isUrl = node.callee.type === "Identifier" && node.callee.name === "URL";
      if (isUrl && named !== undefined && MODULE_PATH.test(named) && second?.type === "MemberExpression")
        add(named, false, node.start);
    },
  }).visit(program);
  return found;
}

function stringValue(node: { type: string; value?: unknown }): string | undefined {
  return node.type === "Literal" && typeof node.value === "string" ? node.value : undefined;
}

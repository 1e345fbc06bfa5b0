import type { CommitOperation } from "@satchel/protocol";

/** Operations of a commit, in short, for a trace. */
export function describeOperations(operations: readonly CommitOperation[]): string {
  return operations.map(describe).join("; ");
}

function describe(operation: CommitOperation): string {
  const id = shortId(operation.id);
  const place = "parent_id" in operation ? ` at ${shortId(operation.parent_id)}/${operation.name}` : "";
  const content = "content" in operation ? ` = ${operation.content.version_hash.slice(0, 6)}` : "";
  return `${operation.op} ${id}${place}${content}`;
}

export function shortId(id: string): string {
  const part = id.slice(id.indexOf(".") + 1);
  return part === "" ? "root" : part.slice(-5);
}

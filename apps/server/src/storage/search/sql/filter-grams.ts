import type { FileKind } from "@satchel/protocol";

/** Filters that narrow down as much as names do, as pieces among those of the name. Their marks are private-use characters as well. */

export function workspaceGram(workspace: number): string {
  return `\u{E003}${workspace}`;
}

export function kindGram(kind: FileKind): string {
  return `\u{E004}${kind}`;
}

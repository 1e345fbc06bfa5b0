import type { ColumnTypes } from "./column-types.ts";

/** When a workspace's last change was made: what tells a position in its feed from one of the same number on another time line. Unknown until the next change. */
export function timeOfHead({ int }: ColumnTypes): string[] {
  return [`ALTER TABLE workspaces ADD COLUMN head_at_ms ${int}`];
}

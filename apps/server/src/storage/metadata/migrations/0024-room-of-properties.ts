import type { ColumnTypes } from "./column-types.ts";

/** How many characters the properties of WebDAV in a workspace have: as many, or more, since what is pruned isn't taken off. */
export function roomOfProperties({ int }: ColumnTypes): string[] {
  return [
    `ALTER TABLE workspaces ADD COLUMN dav_characters ${int} NOT NULL DEFAULT 0`,
    `UPDATE workspaces SET dav_characters = COALESCE((SELECT SUM(LENGTH(p.namespace) + LENGTH(p.name) + LENGTH(p.value)) FROM dav_properties p
      WHERE p.workspace_id = workspaces.workspace_id), 0)`,
  ];
}

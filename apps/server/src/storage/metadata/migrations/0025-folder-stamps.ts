import type { ColumnTypes } from "./column-types.ts";

/** When something last changed at or below a folder, for programs that look only into folders that changed. Made from the journal when one asks; a folder without a row has what its workspace's row says. */
export function folderStampsSchema({ text, int, clustered }: ColumnTypes): string[] {
  return [
    `CREATE TABLE stamped_workspaces (
      workspace_id ${text} NOT NULL PRIMARY KEY,
      base_sequence ${int} NOT NULL,
      base_at_ms ${int} NOT NULL,
      stamped_up_to ${int} NOT NULL
    ) ${clustered}`,
    `CREATE TABLE folder_stamps (
      workspace_id ${text} NOT NULL,
      folder_id ${text} NOT NULL,
      sequence ${int} NOT NULL,
      at_ms ${int} NOT NULL,
      PRIMARY KEY (workspace_id, folder_id)
    ) ${clustered}`,
  ];
}

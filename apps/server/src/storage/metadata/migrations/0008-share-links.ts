import type { ColumnTypes } from "./column-types.ts";

/** Links that show a file or folder to whoever has them. The token itself isn't kept, only its SHA-256; a password as its argon2id hash. */
export function shareLinksSchema({ text, int }: ColumnTypes): string[] {
  return [
    `CREATE TABLE share_links (
      workspace_id ${text} NOT NULL REFERENCES workspaces (workspace_id),
      link_id ${text} NOT NULL,
      token_hash ${text} NOT NULL UNIQUE,
      entry_id ${text} NOT NULL,
      account_id ${text} NOT NULL,
      kind ${text} NOT NULL,
      password_hash ${text},
      starts_at_ms ${int},
      expires_at_ms ${int},
      max_downloads ${int},
      downloads ${int} NOT NULL,
      created_at_ms ${int} NOT NULL,
      PRIMARY KEY (workspace_id, link_id)
    )`,
    `CREATE INDEX share_links_of_account ON share_links (account_id)`,
  ];
}

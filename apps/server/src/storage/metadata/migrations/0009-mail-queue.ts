import type { ColumnTypes } from "./column-types.ts";

/** Messages on their way to a mail server, sealed by a key that the database doesn't have. One without `due_at_ms` was given up. */
export function mailQueueSchema({ text, int }: ColumnTypes): string[] {
  return [
    `CREATE TABLE mail_queue (
      mail_id ${text} NOT NULL PRIMARY KEY,
      account_id ${text},
      sealed ${text} NOT NULL,
      tries ${int} NOT NULL,
      created_at_ms ${int} NOT NULL,
      due_at_ms ${int}
    )`,
    `CREATE INDEX mail_due ON mail_queue (due_at_ms) WHERE due_at_ms IS NOT NULL`,
    `CREATE INDEX mail_of_account ON mail_queue (account_id) WHERE account_id IS NOT NULL`,
  ];
}

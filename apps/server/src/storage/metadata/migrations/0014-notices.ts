import type { ColumnTypes } from "./column-types.ts";

/** What accounts are told of inside the app, and of what each wants to be told. `subject` is what further notices of the kind are counted by, until the notice is read. */
export function noticesSchema({ text, int }: ColumnTypes): string[] {
  return [
    `CREATE TABLE notices (
      account_id ${text} NOT NULL,
      notice_id ${text} NOT NULL,
      kind ${text} NOT NULL,
      subject ${text} NOT NULL,
      detail ${text} NOT NULL,
      times ${int} NOT NULL,
      at_ms ${int} NOT NULL,
      read_at_ms ${int},
      PRIMARY KEY (account_id, notice_id)
    )`,
    `CREATE UNIQUE INDEX unread_notices_by_subject ON notices (account_id, kind, subject) WHERE read_at_ms IS NULL`,
    `CREATE INDEX notices_by_time ON notices (account_id, at_ms, notice_id)`,
    `CREATE INDEX notices_by_age ON notices (at_ms)`,
    `CREATE TABLE notice_settings (
      account_id ${text} NOT NULL,
      kind ${text} NOT NULL,
      in_app ${int} NOT NULL,
      PRIMARY KEY (account_id, kind)
    )`,
  ];
}
